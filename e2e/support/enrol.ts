import type { AppNetwork } from './app-network.ts'

/** An enrolment token of the first node of a network, as its operator makes it: by the command that speaks to the running node. */
export async function enrol(network: AppNetwork, noun: 'clients' | 'nodes'): Promise<string> {
  const [, token] = await network.run('node', 'node', noun, 'enrol').said(/^(flt_enrolment_\S+)$/)
  return token!
}
