/**
 * What an adapter of the engine's ports proves itself with. Needs vitest.
 *
 * @packageDocumentation
 */
export { storeConformance } from './store-conformance.ts'
