import { initContract } from '@ts-rest/core'
import { routes } from './routes/index.ts'

/**
 * The routes as a ts-rest contract, for services that already speak ts-rest.
 *
 * The only file that knows ts-rest: the library is dormant, so nothing else depends on it. Its types need `skipLibCheck`.
 * Signing and sealing are not part of ts-rest; `@flotta/client-sdk` adds them.
 */
export const flottaContract = initContract().router(routes)
