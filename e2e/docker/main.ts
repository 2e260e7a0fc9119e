/** Every step of the Dockerfiles and the compose file without an engine; ends with the exit code of the workbench. */
import { canJail } from './jail.ts'
import { dockerSteps } from './steps.ts'

const tell = (text: string) => process.stderr.write(`${text}\n`)

if (canJail) {
  const { workbench, facts, stopped } = await dockerSteps({ full: !process.argv.includes('--quick'), tell })
  for (const [name, { uid, capabilities, noNewPrivileges, readOnlyRoot }] of Object.entries(facts)) {
    const shown = `user ${uid}, capabilities ${capabilities}, no new privileges: ${noNewPrivileges}, read-only root: ${readOnlyRoot}`
    tell(`${name}: ${shown}, ended with ${stopped[name]}`)
  }
  for (const line of workbench.lines) process.stdout.write(`${line}\n`)
  process.exitCode = workbench.code
} else {
  tell('docker-steps: mounts of its own need root on Linux, with unshare and setpriv (util-linux); nothing was shown here')
  process.exitCode = 1
}
