/** Bytes as a column holds them: SQLite's driver answers an ArrayBuffer, PostgreSQL's a Buffer. */
export function bytesOf(column: ArrayBuffer | Uint8Array): Uint8Array {
  return column instanceof Uint8Array ? column : new Uint8Array(column)
}
