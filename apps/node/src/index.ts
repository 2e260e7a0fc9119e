export { run } from './run.ts'
export { type RunningNode, runNode } from './run-node.ts'
export { runStandalone } from './run-standalone.ts'
