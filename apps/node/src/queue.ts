import type { Config } from '@flotta/config'
import type { OrderIntake, OrderQueue } from '@flotta/runtime'

type Configured = Pick<Config, 'database'> & { readonly execution: Pick<Config['execution'], 'queue'> }

/** The node's end of the configured queue; undefined where its jobs run in its own process. What a queue needs is loaded only then. */
export async function ordersOf(config: Configured, nodeId: string): Promise<OrderQueue | undefined> {
  const location = locationOf(config)
  if (location === undefined) return undefined
  const { createOrderQueue } = await import('@flotta/distributed/queue')
  return createOrderQueue(location, nodeId)
}

/** The workers' end of the configured queue. */
export async function intakeOf(config: Configured, nodeId: string): Promise<OrderIntake | undefined> {
  const location = locationOf(config)
  if (location === undefined) return undefined
  const { createOrderIntake } = await import('@flotta/distributed/queue')
  return createOrderIntake(location, nodeId)
}

type Location = Parameters<typeof import('@flotta/distributed/queue')['createOrderQueue']>[0]

/** The queue in the node's own database has a schema beside the node's, in another one a schema of that name alone. */
function locationOf({ execution: { queue }, database }: Configured): Location | undefined {
  if (queue === undefined) return undefined
  const { kind, url } = queue
  if (url !== undefined)
    return kind === 'redis' ? { kind, url: () => url.reveal() } : { kind, url: () => url.reveal(), schema: 'flotta_queue' }
  if (database.kind !== 'postgresql') throw new TypeError('a queue without a URL is in a PostgreSQL')
  const { host, port, username, password, database: name, schema } = database
  const location = new URL('postgresql://localhost')
  location.hostname = host
  location.port = String(port)
  location.username = username
  location.pathname = `/${name}`
  const secret = () => {
    location.password = password.reveal()
    return location.href
  }
  return { kind: 'postgresql', url: secret, schema: `${schema.slice(0, 57)}_queue` }
}
