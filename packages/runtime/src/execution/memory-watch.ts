import { readFileSync } from 'node:fs'

/** A job fills some 50 MB in this time. */
const EVERY_MS = 50
/** What a worker process takes before it holds data: heap and buffers of the engine, the query engine and our code. */
const BASE_MB = 224

/** How much more the heap may have than the watch allows: whoever fills it is then ended by the watch, which knows why. */
const HEADROOM_MB = 256

/** The limit of the JavaScript heap that goes with the watch; beyond it Node aborts a process without telling anybody why. */
export function heapLimitMb(memoryMb: number): number {
  return memoryMb + BASE_MB + HEADROOM_MB
}

/**
 * Ends processes that take more memory than a job may. Typed arrays and native code are outside of what Node itself limits, so the
 * system is asked (`/proc`, Linux only) for the memory of each process that nothing but the process holds: pages of programs and files
 * are shared, and can be read again.
 *
 * @param workers those to look at, each time anew; the pool calls the id of a process that of a thread
 * @param onExceeded told before the process is ended
 */
export function watchMemory<Worker extends { readonly threadId: number }>(
  memoryMb: number,
  workers: () => readonly Worker[],
  onExceeded: (worker: Worker) => void,
): { stop(): void } {
  const timer = setInterval(() => {
    for (const worker of workers()) {
      if (anonymousMb(worker.threadId) <= memoryMb + BASE_MB) continue
      onExceeded(worker)
      process.kill(worker.threadId, 'SIGKILL')
    }
  }, EVERY_MS)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}

/** Resident memory of a process that is backed by no file; 0 where the system does not tell. */
function anonymousMb(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    const kilobytes = ['RssAnon', 'RssShmem'].map((name) => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0))
    return kilobytes.reduce((sum, each) => sum + each, 0) / 1024
  } catch {
    return 0
  }
}
