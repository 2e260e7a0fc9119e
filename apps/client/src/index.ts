/** What runs a component by its configuration. What its command line is made of is in `@flotta/client/cli`. */
export { offerOf } from './offer.ts'
export { outboundOf, readPem, tlsOf } from './outbound.ts'
export { executorOf, identityOf, leaveThroughUrl, type Running, runClient } from './run-client.ts'
