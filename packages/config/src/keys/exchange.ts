import { optionalText, seconds, secretUrl } from '../key/kinds.ts'

/** How the process talks to others. */
export const exchange = {
  clock_skew: seconds({ default: 60, about: 'by how much clocks may differ, in seconds' }, 1, 3600),
  signing_key_file: optionalText('an existing Ed25519 key (OpenSSH or PKCS#8) to sign with, mode 0600'),
  proxy: secretUrl(['http', 'https'], 'proxy for calls; empty: HTTPS_PROXY and NO_PROXY decide'),
  ca: optionalText('file with certificates (PEM) to trust besides those of the system'),
} as const
