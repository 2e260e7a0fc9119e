import { readFileSync } from 'node:fs'
import type { Config } from '@flotta/config'
import type { TlsCertificate } from '@flotta/runtime'

/** How a configuration says that others are reached: over which proxy, and trusting whom. */
export function outboundOf({ exchange: { proxy, caFile } }: Config): { readonly proxy?: string; readonly ca?: string } {
  return {
    ...(proxy === undefined ? {} : { proxy: proxy.reveal() }),
    ...(caFile === undefined ? {} : { ca: readPem(caFile, 'exchange.ca') }),
  }
}

/** The certificate of the own port, where it speaks https. */
export function tlsOf({ tls }: Config['node']): { readonly tls?: TlsCertificate } {
  if (tls === undefined) return {}
  const certificate = readPem(tls.certificateFile, 'node.tls.certificate')
  return { tls: { certificate, key: readPem(tls.keyFile, 'node.tls.key') } }
}

/** A PEM file that a key of the configuration names. */
export function readPem(file: string, key: string): string {
  try {
    const text = readFileSync(file, 'utf8')
    if (text.includes('-----BEGIN ')) return text
  } catch (error) {
    throw new Error(`${key}: ${file} can not be read (${(error as NodeJS.ErrnoException).code})`, { cause: error })
  }
  throw new Error(`${key}: ${file} is not a PEM file (it holds no line -----BEGIN …)`)
}
