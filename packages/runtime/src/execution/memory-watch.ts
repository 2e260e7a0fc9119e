import { readFileSync } from 'node:fs'

const EVERY_MS = 200
/** What a worker process takes before it has any data: the engine, the query engine and our code. */
const BASE_MB = 256

/**
 * Ends processes that take more memory than a job may. Typed arrays and native code are outside of what Node itself limits, so the
 * system is asked (`/proc`, Linux only) for the resident memory of each process.
 *
 * @param pids the processes to look at, each time anew
 * @param onExceeded told before the process is ended
 */
export function watchMemory(
  memoryMb: number,
  pids: () => readonly number[],
  onExceeded: (pid: number) => void,
): { stop(): void } {
  const timer = setInterval(() => {
    for (const pid of pids()) {
      if (residentMb(pid) <= memoryMb + BASE_MB) continue
      onExceeded(pid)
      process.kill(pid, 'SIGKILL')
    }
  }, EVERY_MS)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}

/** Resident memory of a process; 0 where the system does not tell. */
function residentMb(pid: number): number {
  try {
    const kilobytes = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return Number(kilobytes ?? 0) / 1024
  } catch {
    return 0
  }
}
