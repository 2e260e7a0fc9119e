import { networkInterfaces } from 'node:os'

/** Where others reach this node when nobody has told: its interface, or the first address that is not the loopback's. */
export function derivedUrl(host: string, port: number, protocol: 'http' | 'https'): string {
  const everywhere = host === '' || host === '0.0.0.0' || host === '::'
  const name = everywhere ? (outerAddress() ?? '127.0.0.1') : host
  return `${protocol}://${name.includes(':') ? `[${name}]` : name}:${port}`
}

function outerAddress(): string | undefined {
  const addresses = Object.values(networkInterfaces()).flatMap((group) => group ?? [])
  return addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address
}
