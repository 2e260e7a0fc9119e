import { createHash } from 'node:crypto'
import { makeId, type ProjectId } from '@flotta/contract'

/** The id of a project that is made from its token: the same at every node, so nodes that were given the same token share one project. */
export function projectIdOf(tokenId: string): ProjectId {
  return makeId('prj', createHash('sha512').update(`flotta-project-id\0${tokenId}`).digest())
}
