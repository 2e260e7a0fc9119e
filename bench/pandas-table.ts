import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { pythonWith } from './python.ts'
import { columns } from './table-file.ts'

export type PandasQuestion = 'load' | 'first' | 'group' | 'extract' | 'metadata'

/** pandas in a process of its own, asked one thing after the other, so that both sides are measured in the same minutes. */
export class PandasTable implements Disposable {
  readonly #child: ChildProcessWithoutNullStreams
  readonly #lines: AsyncIterator<string>
  readonly #path: string

  private constructor(child: ChildProcessWithoutNullStreams, path: string) {
    this.#child = child
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    this.#path = path
  }

  /** With the table in memory; undefined where there is no pandas. */
  static async open(path: string): Promise<PandasTable | undefined> {
    const python = pythonWith('pandas')
    if (python === undefined) return undefined
    const script = fileURLToPath(new URL('./queries-pandas.py', import.meta.url))
    const child = spawn(python, [script], { stdio: 'pipe' })
    child.stderr.resume()
    const pandas = new PandasTable(child, path)
    await pandas.ask('load')
    return pandas
  }

  /** How many milliseconds it takes. */
  async ask(question: PandasQuestion): Promise<number> {
    this.#child.stdin.write(`${JSON.stringify({ do: question, path: this.#path, columns })}\n`)
    const line = await this.#lines.next()
    if (line.done === true) throw new Error('pandas ended')
    return (JSON.parse(line.value) as { ms: number }).ms
  }

  [Symbol.dispose](): void {
    this.#child.stdin.end()
  }
}
