import { readFileSync } from 'node:fs'
import { exitCodes } from '@flotta/client/cli'
import { keyPaths } from '@flotta/config'
import { describe, expect, it } from 'vitest'
import { createFlotta } from '../src/program.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

/** First cells of the table below a heading. */
function cells(heading: string): string[] {
  const section = readme.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? ''
  return [...section.matchAll(/^\| (?!-)([^|]+?) +\|/gm)].map((match) => match[1]!.replaceAll('`', ''))
}

describe('the README', () => {
  it('has every key of the configuration, and no other', () => {
    expect(cells('Keys of the file').slice(1)).toEqual(keyPaths())
  })

  it('has every exit code', () => {
    const documented = cells('Exit codes')
      .slice(1)
      .flatMap((cell) => cell.split(', ').map(Number))
    expect(documented.sort((a, b) => a - b)).toEqual(Object.values(exitCodes).sort((a, b) => a - b))
  })

  it('has every command', () => {
    for (const command of createFlotta().commands.filter((known) => known.name() !== 'run')) {
      expect(readme).toContain(command.name())
      for (const inner of command.commands) expect(readme, `${command.name()} ${inner.name()}`).toContain(inner.name())
    }
  })
})
