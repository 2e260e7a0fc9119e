// A worker process that does what its message says: everything that a job must never do to others.
const kept = []

const behaviours = {
  well: () => undefined,
  slow: () => new Promise((resolve) => setTimeout(resolve, 800)),
  wait: () => new Promise(() => undefined),
  loop: () => {
    for (;;);
  },
  heap: () => {
    for (;;) kept.push(Array.from({ length: 1000 }, (_, i) => ({ i })))
  },
  buffers: async () => {
    for (let i = 0; i < 24; i++) {
      kept.push(new Float64Array(8 * 1024 * 1024).fill(i))
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
  },
  exit: () => process.exit(0),
  abort: () => process.abort(),
  stack: function deeper() {
    return deeper() + 1
  },
  reject: () => Promise.reject(new Error('a value of the data')),
  later: () => {
    setTimeout(() => {
      throw new Error('after the answer')
    }, 20)
  },
}

// biome-ignore lint/style/noDefaultExport: the pool calls the default export of a worker's program
export default async function handle({ request }) {
  await behaviours[request.outputPath]()
  return { kind: 'completed', metrics: null, stop: false }
}
