import { FlottaError } from '@flotta/contract'
import type { HttpResponse } from './http-client.ts'
import type { NodeUrl } from './node-url.ts'

export type ResponseHead = Pick<HttpResponse, 'status' | 'headers'>

/** Longest part of a header of somebody unknown that a message repeats. */
const MAX_SAID = 80

/**
 * The failure of an exchange that something on the way answered in the node's place, such as a proxy that is being restarted or a portal
 * that wants a login. It says nothing of the node and nothing of what was asked, so it passes like a node that gives no answer.
 */
export function notAuthentic(node: NodeUrl, { status, headers }: ResponseHead): FlottaError {
  const said = [`status ${status}`, ...['content-type', 'server', 'via'].flatMap((name) => saidOf(name, headers))]
  const redirect = status >= 300 && status < 400 ? ' Redirects are not followed: put the final address into the URL.' : ''
  return new FlottaError(
    'unavailable',
    `Something on the way to the node at ${node.text} answered in its place (${said.join(', ')}): the node has not signed that, and it is not used.${redirect}`,
  )
}

function saidOf(name: string, headers: ResponseHead['headers']): string[] {
  const value = headers[name]
  return value === undefined ? [] : [`${name}: ${value.replace(/[^\x20-\x7e]/g, '?').slice(0, MAX_SAID)}`]
}
