/**
 * What an adapter of the engine's ports proves itself with. Needs vitest.
 *
 * @packageDocumentation
 */

export { blobStorageConformance, type OpenedBlobs } from './blob-storage-conformance.ts'
export { storeConformance } from './store-conformance.ts'
