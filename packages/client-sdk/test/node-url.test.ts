import { describe, expect, it } from 'vitest'
import { parseNodeUrl } from '../src/transport/node-url.ts'

describe('parseNodeUrl', () => {
  it('keeps the prefix of a proxy, without a slash at the end', () => {
    expect(parseNodeUrl('https://hospital.example/flotta/')).toEqual({
      origin: 'https://hospital.example',
      prefix: '/flotta',
      text: 'https://hospital.example/flotta',
    })
    expect(parseNodeUrl('http://localhost:1456').prefix).toBe('')
  })

  it.each(['', 'localhost:1456', 'ftp://x', 'http://user:pass@x', 'http://x/?token=1', 'http://x/#a', 'file:///etc/passwd'])(
    'refuses %j',
    (text) => {
      expect(() => parseNodeUrl(text)).toThrow(/is not the URL of a node/)
    },
  )
})
