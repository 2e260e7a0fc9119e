import { type Format, printItem, say, write } from '@flotta/client/cli'
import { type ProjectId, routes } from '@flotta/contract'
import { createToken, tokenId, tokenVerifier } from '@flotta/crypto'
import type { Command } from 'commander'
import { idParam } from './list-and-show.ts'
import { nodeCommand } from './with-node.ts'

interface Formatted {
  readonly format: Format
}

/**
 * What an operator does with projects. A token is made here and printed once, on standard output; the node gets what it needs to
 * check proofs of it.
 */
export function addProjectOrders(projects: Command): void {
  const { createProject, rotateToken, setProjectState } = routes.admin
  nodeCommand(projects, 'create <name>', 'make a project and print its token, once', async (connection, [name = '']) => {
    const { token, record } = newToken()
    const { id } = await connection.call(createProject, { body: { name, token: record } })
    say(`project ${id} "${name}"; its token, for its data holders and researchers:`)
    write(`${token}\n`)
  })
  nodeCommand(
    projects,
    'rotate-token <id>',
    'make another token and print it, once; the old one is refused',
    async (connection, [id = '']) => {
      const { token, record } = newToken()
      await connection.call(rotateToken, { params: paramsOf(id), body: { token: record } })
      say('members stay; whoever joins or attaches data needs the new token:')
      write(`${token}\n`)
    },
  )
  for (const [verb, state] of [
    ['disable', 'disabled'],
    ['enable', 'active'],
  ] as const) {
    nodeCommand<Formatted>(projects, `${verb} <id>`, `${verb} a project`, async (connection, [id = ''], { format }) => {
      printItem(await connection.call(setProjectState, { params: paramsOf(id), body: { state } }), format)
    })
  }
}

function newToken() {
  const token = createToken('project')
  return { token, record: { tokenId: tokenId(token), tokenVerifier: tokenVerifier(token) } }
}

function paramsOf(id: string): { projectId: ProjectId } {
  return idParam(routes.admin.project, id) as { projectId: ProjectId }
}
