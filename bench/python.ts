import { execFileSync, spawnSync } from 'node:child_process'

/** A Python that has the modules of a peer; undefined where there is none. Debian's own comes first. */
export function pythonWith(...modules: readonly string[]): string | undefined {
  return ['/usr/bin/python3', 'python3'].find((python) => spawnSync(python, ['-c', `import ${modules.join(', ')}`]).status === 0)
}

/** Runs a script and parses the last line that it prints. */
export function runPython(python: string, args: readonly string[]): unknown {
  const output = execFileSync(python, [...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  return JSON.parse(output.trim().split('\n').at(-1)!)
}
