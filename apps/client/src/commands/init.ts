import { writeFileSync } from 'node:fs'
import { FlottaError } from '@flotta/contract'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { say } from '../cli/print.ts'
import { type Question, Questions } from '../cli/questions.ts'
import { type InitAnswers, initFile } from './init-file.ts'

type InitOptions = Partial<Omit<InitAnswers, 'port'>> & { readonly config: string; readonly port?: string }

/** `init`: writes a commented configuration from flags, and asks for what they leave open where somebody sits at the terminal. */
export function addInit(program: Command, onlyMode?: 'client'): void {
  const command = program
    .command('init')
    .description('write a configuration file, by a few questions or from flags; it never overwrites one')
  command
    .option('-c, --config <file>', 'the file to write', onlyMode === 'client' ? 'client.yaml' : 'flotta.yaml')
    .option('--name <name>', 'what others call it')
    .option('--token-env <variable>', "environment variable that holds the project's token", variable)
    .option('--join-url <url>', 'of a client: URL of its node')
    .option('--fingerprint <fingerprint>', "of a client: the node's, read over the telephone")
    .option('--data <path>', 'of a client: the table that it offers')
  if (onlyMode === undefined) {
    command
      .addOption(new Option('--mode <mode>', 'what the process is').choices(['node', 'client']))
      .option('--port <port>', 'of a node: port of the API', port)
      .option('--project <name>', 'of a node: a project that exists when it starts')
  }
  command.action(async (options: InitOptions) => {
    const answers = await complete({ ...options, ...(onlyMode === undefined ? {} : { mode: onlyMode }) })
    writeOnce(options.config, initFile(answers))
    say(
      `wrote ${options.config}; set ${answers.tokenEnv} in the environment, and check it with: ${program.name()} config check -c ${options.config}`,
    )
  })
}

/** @throws {FlottaError} `malformed_request` when something is left open and there is nobody to ask */
async function complete(given: InitOptions): Promise<InitAnswers> {
  using questions = new Questions()
  const ask = (text: string, flag: string, answered: string | undefined, more: Pick<Question, 'fallback' | 'check'> = {}) =>
    questions.ask({ text, flag, given: answered, ...more })
  const mode = (await ask('Node or client', 'mode', given.mode, { fallback: 'node', check: modeOf })) as InitAnswers['mode']
  const isClient = mode === 'client'
  return {
    mode,
    name: await ask('Its name', 'name', given.name, { fallback: isClient ? 'flottaClient' : 'flottaNode' }),
    port: isClient ? 0 : Number(await ask('Port', 'port', given.port, { fallback: '1456', check: port })),
    project: isClient ? '' : await ask('Name of its first project', 'project', given.project, { fallback: 'demo' }),
    joinUrl: isClient ? await ask('URL of its node', 'join-url', given.joinUrl, { check: nodeUrl }) : '',
    fingerprint: isClient
      ? await ask("The node's fingerprint, if you have it", 'fingerprint', given.fingerprint, { fallback: '' })
      : '',
    data: isClient ? await ask('Path of its table', 'data', given.data) : '',
    tokenEnv: await ask("Environment variable with the project's token", 'token-env', given.tokenEnv, {
      fallback: 'PROJECT_TOKEN',
      check: variable,
    }),
  }
}

/** @throws {FlottaError} `conflict` when there is a file already */
function writeOnce(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST')
      throw new FlottaError('conflict', `${file} is there already; it is left as it is. Give another name with -c.`)
    throw error
  }
}

function variable(text: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(text)) throw new InvalidArgumentError('Expected the name of an environment variable.')
  return text
}

function port(text: string): string {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) throw new InvalidArgumentError('Expected a port from 0 to 65535.')
  return text
}

function modeOf(text: string): string {
  if (text !== 'node' && text !== 'client') throw new InvalidArgumentError('Expected node or client.')
  return text
}

function nodeUrl(text: string): string {
  const protocol = URL.canParse(text) ? new URL(text).protocol : ''
  if (protocol !== 'http:' && protocol !== 'https:')
    throw new InvalidArgumentError('Expected a URL, such as http://node.example.org:1456.')
  return text
}
