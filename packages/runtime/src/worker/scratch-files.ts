import { mkdir, unlink } from 'node:fs/promises'
import { join } from 'node:path'

/** The files of one running job, in the clear: they are gone when it ends. */
export class ScratchFiles implements AsyncDisposable {
  readonly #prefix: string
  readonly #paths: string[] = []

  private constructor(prefix: string) {
    this.#prefix = prefix
  }

  /** @param name of the job, unlike that of any other job that runs */
  static async open(folder: string, name: string): Promise<ScratchFiles> {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    return new ScratchFiles(join(folder, name))
  }

  /** A path for a file, which need not come to be. */
  path(name: string): string {
    const path = `${this.#prefix}.${name}`
    this.#paths.push(path)
    return path
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#paths.map((path) => unlink(path).catch(() => undefined)))
  }
}
