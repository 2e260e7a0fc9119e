import { type Format, printItem, printItems, say } from '@flotta/client/cli'
import { FlottaError, type Route } from '@flotta/contract'
import { type Command, InvalidArgumentError } from 'commander'
import type { Item, Noun } from './nouns.ts'
import { nodeCommand } from './with-node.ts'

interface ListOptions {
  readonly format: Format
  readonly limit: string
  readonly cursor?: string
  readonly all?: boolean
  readonly [filter: string]: unknown
}

interface Part {
  readonly items: readonly Item[]
  readonly next: string | null
}

/** `<noun> ls` and `<noun> show <id>`; answers the noun's command, for more of its own. */
export function addListAndShow(program: Command, noun: Noun): Command {
  const parent = program.command(noun.name).description(noun.about)
  const ls = nodeCommand<ListOptions>(parent, 'ls', `list ${noun.about}`, async (connection, _args, options) => {
    const filters = Object.fromEntries(Object.keys(noun.filters).map((name) => [name, options[name]]))
    const items: Item[] = []
    let cursor: string | null | undefined = options.cursor
    do {
      const query = { ...noun.fixed, ...filters, limit: options.limit, cursor }
      const part = (await connection.call(noun.list as Route, { query })) as unknown as Part
      items.push(...part.items)
      cursor = part.next
    } while (options.all && cursor !== null)
    printItems(items, noun.columns, options.format)
    if (cursor) say(`there are more: add --cursor ${cursor}, or --all`)
  })
  ls.option('--limit <number>', 'how many at most, 1 to 999', limit, '100')
    .option('--cursor <cursor>', 'go on where another list ended')
    .option('--all', 'everything, part by part')
  for (const [name, about] of Object.entries(noun.filters)) ls.option(`--${kebab(name)} <${name}>`, `only of this: ${about}`)
  nodeCommand<{ readonly format: Format }>(parent, 'show <id>', 'show one', async (connection, [id = ''], options) => {
    printItem((await connection.call(noun.show as Route, { params: idParam(noun.show, id) })) as unknown as Item, options.format)
  })
  return parent
}

/** The one parameter of a route's path. @throws {FlottaError} `not_found` for what is no id of this kind */
export function idParam(route: Route, id: string): Readonly<Record<string, string>> {
  const [, name = ''] = /:(\w+)/.exec(route.path) ?? []
  const params = { [name]: id }
  if (route.pathParams?.safeParse(params).success !== true)
    throw new FlottaError('not_found', `"${id}" is not an id of this kind.`)
  return params
}

function limit(text: string): string {
  if (!/^[1-9]\d{0,2}$/.test(text)) throw new InvalidArgumentError('Expected a number from 1 to 999.')
  return text
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
