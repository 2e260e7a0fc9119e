import { type Probe, storageProbe } from '../health/self-check.ts'
import type { Catalogue } from './catalogue.ts'
import type { Session } from './session.ts'

/** What has to be well for a client to work: its node, its tables, and its folder. */
export function clientProbes(
  session: Session,
  catalogue: Catalogue,
  { workdir, minimumFreeBytes }: { readonly workdir: string; readonly minimumFreeBytes: number },
): Probe[] {
  return [nodeProbe(session), tablesProbe(catalogue), storageProbe(workdir, minimumFreeBytes)]
}

/** Whether the node has let the client in, and answered when it was asked last. */
function nodeProbe(session: Session): Probe {
  return {
    name: 'node',
    run: async () => {
      if (session.trouble !== undefined) throw new Error(session.trouble)
      if (!session.established) throw new Error('it has not answered yet')
      return 'it has let this client in, and answers'
    },
  }
}

/** Whether every table could be read; one that could not does not stop the others. */
function tablesProbe(catalogue: Catalogue): Probe {
  return {
    name: 'tables',
    run: async () => {
      const unusable = catalogue.unusable().map(({ name, reason }) => `"${name}": ${reason}`)
      if (unusable.length > 0) throw new Error(unusable.join('; '))
      return 'every table could be read'
    },
  }
}
