/**
 * What stores of resources have in common, for those that are not folders.
 *
 * @packageDocumentation
 */
export { blobName, blobNamesBegin } from './blob-name.ts'
export { type CheckedStream, checkedStream, type ExpectedBlob } from './checked-stream.ts'
