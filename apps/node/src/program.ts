import { addConfigCheck, addDoctor, addHealth, addInit, createServiceProgram } from '@flotta/client/cli'
import type { Command } from 'commander'
import { addArtifactOrders } from './commands/artifacts.ts'
import { addComponentOrders } from './commands/clients.ts'
import { addDb } from './commands/db.ts'
import { healthChecks } from './commands/health-checks.ts'
import { addListAndShow } from './commands/list-and-show.ts'
import { nouns } from './commands/nouns.ts'
import { addProjectOrders } from './commands/projects.ts'
import { addWorker } from './commands/worker.ts'

const orders: Readonly<Record<string, (command: Command) => void>> = {
  artifacts: addArtifactOrders,
  clients: (command) => addComponentOrders(command, 'client'),
  nodes: (command) => addComponentOrders(command, 'node'),
  projects: addProjectOrders,
}

/** The commands of `flotta`. Without one it runs the service. */
export function createFlotta(): Command {
  const program = createServiceProgram({
    name: 'flotta',
    description: 'A flotta node, client or standalone network, as its configuration says, and its tools.',
    run: async (...given) => (await import('./run.ts')).run(...given),
    leave: async (...given) => (await import('./run.ts')).leave(...given),
  })
  addWorker(program)
  addConfigCheck(program)
  addInit(program)
  addDb(program)
  addDoctor(program, undefined, async (...given) => (await import('./commands/node-checks.ts')).nodeChecks(...given))
  addHealth(program, undefined, healthChecks)
  for (const noun of nouns) {
    const command = addListAndShow(program, noun)
    orders[noun.name]?.(command)
  }
  return program
}
