import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript-api'

const e2e = fileURLToPath(new URL('..', import.meta.url))
const root = join(e2e, '..')

/** The first TypeScript example of a README, by the path of the README below the repository. */
export function readmeExample(readme: string): string {
  const code = /^```ts\n([\s\S]*?)^```$/m.exec(readFileSync(join(root, readme), 'utf8'))?.[1]
  if (code === undefined) throw new Error(`${readme} has no example`)
  return code
}

/** What the compiler says of examples, read as files of this package: an import sees what an installed package shows. */
export function compilerComplaints(examples: ReadonlyMap<string, string>): string[] {
  const files = new Map([...examples].map(([readme, code]) => [join(e2e, `${readme.replaceAll('/', '-')}.ts`), code]))
  const options = optionsOf(join(e2e, 'tsconfig.json'))
  const host = ts.createCompilerHost(options)
  const { fileExists, readFile } = host
  host.fileExists = (path) => files.has(path) || fileExists(path)
  host.readFile = (path) => files.get(path) ?? readFile(path)
  const program = ts.createProgram([...files.keys()], options, host)
  return ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
    const line = file ? file.getLineAndCharacterOfPosition(start).line + 1 : 0
    return `${file?.fileName.slice(e2e.length)}:${line}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`
  })
}

/** An example as JavaScript that Node runs. */
export function compiled(code: string): string {
  return ts.transpileModule(code, { compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext } })
    .outputText
}

function optionsOf(tsconfig: string): ts.CompilerOptions {
  const { options } = ts.parseJsonConfigFileContent(ts.readConfigFile(tsconfig, ts.sys.readFile).config, ts.sys, e2e)
  return options
}
