import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { createRandom } from '@flotta/algorithms'
import type { DatasourceSource } from '../packages/runtime/src/ports/datasource-source.ts'

/** The columns of numbers of the table that the data layer is measured on. */
export const columns = Array.from({ length: 8 }, (_, index) => `x${index}`)

/** A CSV file with a key of eight values, and eight columns of numbers of which one in fifty is missing. */
export async function writeTable(path: string, rows: number): Promise<void> {
  const random = createRandom(7)
  const file = createWriteStream(path)
  file.write(`k,${columns.join(',')}\n`)
  for (let row = 0; row < rows; row += 1000) {
    let text = ''
    for (let line = row; line < Math.min(rows, row + 1000); line++) {
      text += `g${Math.floor(random.float64() * 8)}`
      for (const _ of columns) text += random.float64() < 0.02 ? ',' : `,${random.float64().toFixed(5)}`
      text += '\n'
    }
    if (!file.write(text)) await once(file, 'drain')
  }
  file.end()
  await once(file, 'close')
}

/** Such a file as a source. */
export function sourceAt(path: string): DatasourceSource {
  return { kind: 'file', name: 't', path, format: 'csv' }
}
