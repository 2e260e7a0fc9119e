import { describe, expect, it } from 'vitest'
import { proxyFor } from '../src/transport/outbound.ts'

const proxied = (target: string, env: Record<string, string>, proxy?: string) => proxyFor(new URL(target), { proxy }, env)?.host

describe('the proxy to a target', () => {
  it('is the one that was told, else that of the environment for its protocol, else ALL_PROXY', () => {
    const env = { HTTPS_PROXY: 'http://secure:1', http_proxy: 'plain:2', ALL_PROXY: 'http://all:3' }
    expect(proxied('https://node.example.org', env)).toBe('secure:1')
    expect(proxied('http://node.example.org', env)).toBe('plain:2')
    expect(proxied('http://node.example.org', { ALL_PROXY: 'http://all:3' })).toBe('all:3')
    expect(proxied('http://node.example.org', env, 'http://told:4')).toBe('told:4')
    expect(proxied('http://node.example.org', env, 'none')).toBeUndefined()
    expect(proxied('http://node.example.org', {})).toBeUndefined()
  })

  it.each([
    ['*', true],
    ['node.example.org', true],
    ['example.org', true],
    ['.example.org', true],
    ['*.example.org', true],
    ['other.org, NODE.example.org', true],
    ['node.example.org:1456', true],
    ['node.example.org:80', false],
    ['ample.org', false],
    ['10.0.0.0/8', false],
  ])('with NO_PROXY=%s reaches node.example.org:1456 directly: %s', (noProxy, directly) => {
    const host = proxied('http://node.example.org:1456', { HTTP_PROXY: 'http://p:1', NO_PROXY: noProxy })
    expect(host === undefined).toBe(directly)
  })

  it.each([
    ['10.0.0.0/8', true],
    ['10.1.2.3', true],
    ['10.2.0.0/16', false],
    ['1.2.3', false],
    ['fd00::/8', false],
    ['10.0.0.0/99', false],
  ])('with NO_PROXY=%s reaches 10.1.2.3 directly: %s', (noProxy, directly) => {
    expect(proxied('http://10.1.2.3', { HTTP_PROXY: 'http://p:1', NO_PROXY: noProxy }) === undefined).toBe(directly)
  })

  it('that can not be read is an error which does not repeat it, since it may hold a password', () => {
    expect(() => proxied('http://node.example.org', { HTTP_PROXY: 'socks9://user:s3cret@h' })).toThrow(
      /^(?!.*s3cret).*HTTP_PROXY/,
    )
  })
})
