import { chmodSync, copyFileSync, existsSync, lstatSync, mkdirSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** A folder of this machine that is seen inside. */
export interface Bind {
  readonly source: string
  readonly target: string
  readonly readOnly: boolean
}

export interface JailOptions {
  /** What is `/` inside. */
  readonly root: string
  readonly readOnly: boolean
  readonly binds: readonly Bind[]
  /** Folders in memory, with the options of their mount. */
  readonly tmpfs: readonly { readonly target: string; readonly options: string }[]
  /** `node`: not root, without any capability, and with no way to a privilege. */
  readonly user: 'root' | 'node'
  readonly cwd: string
}

const NODE_UID = 1000
const names = ['localhost', 'postgres', 'node', 'north', 'south', 'workbench']

/** Whether this machine lets us imitate a container: mounts of one's own need root on Linux. */
export const canJail = process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/unshare')

/** The Node.js that is used inside; another one than the own is told by the environment. */
export const nodeBinary = process.env.DOCKER_STEPS_NODE ?? process.execPath
const nodePrefix = dirname(dirname(nodeBinary))
export const jailPath = `/opt/node/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`

/** What every image begins with here: programs of this machine, the user `node`, and names of the network. */
export function makeRoot(root: string): void {
  chmodSync(root, 0o755)
  for (const folder of ['usr', 'etc/ssl', 'proc', 'dev', 'tmp', 'opt/node', 'root', 'home/node', 'var/lib'])
    mkdirSync(join(root, folder), { recursive: true })
  for (const link of ['bin', 'sbin', 'lib', 'lib64']) {
    if (existsSync(`/${link}`) && lstatSync(`/${link}`).isSymbolicLink()) symlinkSync(readlinkSync(`/${link}`), join(root, link))
  }
  writeFileSync(join(root, 'etc/passwd'), `root:x:0:0::/root:/bin/sh\nnode:x:${NODE_UID}:${NODE_UID}::/home/node:/bin/sh\n`)
  writeFileSync(join(root, 'etc/group'), `root:x:0:\nnode:x:${NODE_UID}:\n`)
  writeFileSync(join(root, 'etc/hosts'), names.map((name) => `127.0.0.1 ${name}\n`).join(''))
  if (existsSync('/etc/resolv.conf')) copyFileSync('/etc/resolv.conf', join(root, 'etc/resolv.conf'))
}

/** The command that runs another one inside: with a view of the files of its own, which ends with it. */
export function jailed({ root, readOnly, binds, tmpfs, user, cwd }: JailOptions, command: readonly string[]): string[] {
  const machine: Bind[] = [
    { source: '/usr', target: '/usr', readOnly: true },
    { source: '/etc/ssl', target: '/etc/ssl', readOnly: true },
    { source: nodePrefix, target: '/opt/node', readOnly: true },
  ]
  const inside = (path: string) => quoted(join(root, path))
  const script = [
    `mount --bind ${quoted(root)} ${quoted(root)}`,
    ...[...machine, ...binds].flatMap(({ source, target, readOnly: sealed }) => [
      `mount --rbind ${quoted(source)} ${inside(target)}`,
      ...(sealed ? [`mount -o remount,bind,ro ${inside(target)}`] : []),
    ]),
    `mount --rbind /dev ${inside('dev')}`,
    `mount -t proc proc ${inside('proc')}`,
    ...tmpfs.map(({ target, options }) => `mount -t tmpfs -o ${quoted(options)} tmpfs ${inside(target)}`),
    ...(readOnly ? [`mount -o remount,bind,ro ${quoted(root)}`] : []),
    `exec chroot ${quoted(root)} ${[...privileges(user), '/bin/sh', '-c'].join(' ')} ${quoted(`cd ${quoted(cwd)} && exec "$@"`)} -- "$@"`,
  ]
  return ['/usr/bin/unshare', '--mount', '--propagation', 'private', '/bin/sh', '-euc', script.join('\n'), '--', ...command]
}

function privileges(user: 'root' | 'node'): string[] {
  if (user === 'root') return []
  const id = String(NODE_UID)
  const flags = ['--clear-groups', '--no-new-privs', '--bounding-set=-all', '--inh-caps=-all']
  return ['/usr/bin/setpriv', '--reuid', id, '--regid', id, ...flags]
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
