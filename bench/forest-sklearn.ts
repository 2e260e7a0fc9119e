import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { ForestData, Records } from './forest-data.ts'
import { pythonWith } from './python.ts'

/** scikit-learn in a process of its own, which lives as long as the bench: it loads once, and is timed inside. */
export interface SklearnPeer {
  fit(trees: number, seed: number): Promise<number>
  predict(): Promise<{ ms: number; rocAuc: number }>
  stop(): void
}

/** Null where no Python has scikit-learn. */
export async function startSklearn(data: ForestData): Promise<SklearnPeer | null> {
  const python = pythonWith('sklearn')
  if (python === undefined) return null
  const child = spawn(python, [fileURLToPath(new URL('./forest-sklearn.py', import.meta.url))], {
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const ask = async (command: object): Promise<{ ms: number; rocAuc: number }> => {
    child.stdin.write(`${JSON.stringify(command)}\n`)
    const line = await lines.next()
    if (line.done === true) throw new Error('scikit-learn ended')
    return JSON.parse(line.value) as { ms: number; rocAuc: number }
  }
  await ask({ do: 'load', train: plain(data.train), test: plain(data.test) })
  return {
    fit: async (trees, seed) => (await ask({ do: 'fit', trees, seed })).ms,
    predict: () => ask({ do: 'predict' }),
    stop: () => child.stdin.end(),
  }
}

function plain({ features, labels }: Records): { columns: number[][]; codes: number[] } {
  return { columns: features.columns.map((column) => [...column]), codes: [...labels.codes] }
}
