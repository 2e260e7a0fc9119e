import { type Command, Option } from 'commander'

/** How a command finds the node and its operator's key. */
export interface NodeOptions {
  readonly config?: string
  readonly set: Readonly<Record<string, string>>
  readonly url?: string
  readonly key?: string
  readonly fingerprint?: string
}

/** Options by which a command finds the node: a configuration file beside it, or address and key of one far away. */
export function addNodeOptions(command: Command): Command {
  return command
    .addOption(new Option('--url <url>', 'URL of the node, where no configuration names it').env('FLOTTA_URL'))
    .option('--key <file>', "the operator's key, where no configuration names it")
    .option('--fingerprint <fingerprint>', "the node's, as it says at its start; without it the first key that answers is pinned")
}
