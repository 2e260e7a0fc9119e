import { cpSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'

interface Rule {
  readonly pattern: RegExp
  readonly ignores: boolean
}

/** Whether a `.dockerignore` keeps a path out of a build; the last rule that matches a path, or a folder above it, decides. */
export function ignoredBy(text: string): (path: string) => boolean {
  const rules = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map(ruleOf)
  return (path) => rules.reduce((ignored, { pattern, ignores }) => (pattern.test(path) ? ignores : ignored), false)
}

function ruleOf(line: string): Rule {
  const ignores = !line.startsWith('!')
  const glob = line.replace(/^!/, '').replace(/^\//, '')
  const source = glob
    .split(/(\*\*\/|\*)/)
    .map((part) => (part === '**/' ? '(?:.*/)?' : part === '*' ? '[^/]*' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')))
    .join('')
  return { ignores, pattern: new RegExp(`^${source}(?:/.*)?$`) }
}

/** Copies what a build may see, as `COPY . .` does. */
export function copyContext(context: string, target: string): void {
  const ignored = ignoredBy(readFileSync(join(context, '.dockerignore'), 'utf8'))
  cpSync(context, target, {
    recursive: true,
    filter: (source) => {
      const path = relative(context, source).split(sep).join('/')
      return path === '' || !ignored(path)
    },
  })
}
