/** What runs a component by its configuration. What its command line is made of is in `@flotta/client/cli`. */
export { type Hold, holding, type Running } from './holding.ts'
export { offerOf } from './offer.ts'
export { outboundOf, readPem, tlsOf } from './outbound.ts'
export { executorOf, identityOf, leaveThroughUrl, runClient } from './run-client.ts'
