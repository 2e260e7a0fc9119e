import { readFileSync } from 'node:fs'

export interface Instruction {
  readonly name: string
  readonly text: string
}

/** What a `FROM` begins, up to the next one. */
export interface Stage {
  readonly name: string | undefined
  readonly instructions: readonly Instruction[]
}

/** The instructions of a Dockerfile, with continued lines joined and comments left out. */
export function readInstructions(path: string): Instruction[] {
  return readFileSync(path, 'utf8')
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => ({ name: line.slice(0, line.indexOf(' ')), text: line.slice(line.indexOf(' ') + 1).trim() }))
}

/** The stages of a Dockerfile in their order; the last one is what is shipped. */
export function stagesOf(instructions: readonly Instruction[]): Stage[] {
  const stages: { name: string | undefined; instructions: Instruction[] }[] = []
  for (const instruction of instructions) {
    if (instruction.name === 'FROM') stages.push({ name: / AS (\S+)$/.exec(instruction.text)?.[1], instructions: [] })
    stages.at(-1)?.instructions.push(instruction)
  }
  return stages
}

/** The texts of all instructions of a name. */
export function named(instructions: readonly Instruction[], name: string): string[] {
  return instructions.filter((instruction) => instruction.name === name).map(({ text }) => text)
}

/** A command in its exec form, behind its flags. @throws {SyntaxError} when it is in shell form */
export function execForm(text: string | undefined): string[] {
  return text === undefined ? [] : (JSON.parse(text.slice(text.indexOf('['))) as string[])
}
