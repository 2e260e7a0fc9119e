/** Bytes that are not a well-formed model file; the message says what is wrong, and holds nothing of the file's data. */
export class ModelFileError extends Error {
  override readonly name = 'ModelFileError'
  readonly code = 'invalid_model_file'
}

/** Throws a {@link ModelFileError} with this message unless the condition holds. */
export function ensure(condition: boolean, message: string): asserts condition {
  if (!condition) throw new ModelFileError(message)
}
