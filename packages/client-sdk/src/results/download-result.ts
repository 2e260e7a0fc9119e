import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FlottaError, type ResourceId } from '@flotta/contract'
import { openBytes, SealedStreamError } from '@flotta/crypto'
import type { ProjectContext } from '../project-context.ts'
import { decodeResult } from './decode-result.ts'
import type { Result } from './result.ts'

/**
 * Downloads a released result, opens it with this workbench's key and decodes it.
 *
 * @throws {FlottaError} `invalid_resource` when it is damaged or was not sealed for this workbench
 */
export async function downloadResult(
  context: ProjectContext,
  resourceId: ResourceId,
  options: { readonly signal?: AbortSignal },
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'flotta-result-'))
  try {
    const file = join(folder, 'sealed')
    await context.connection.download(resourceId, file, { ...options, timeoutMs: 0 })
    const { bytes } = openBytes({ identity: context.identity, context: resourceId }, await readFile(file))
    return decodeResult(bytes)
  } catch (error) {
    if (!(error instanceof SealedStreamError)) throw error
    throw new FlottaError('invalid_resource', 'The result could not be opened with the key of this workbench.', { cause: error })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
