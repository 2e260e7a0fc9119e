import { Readable } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readEventStream, type ServerSentEvent } from '../src/transport/event-stream.ts'

async function read(chunks: readonly Uint8Array[]): Promise<ServerSentEvent[]> {
  const events: ServerSentEvent[] = []
  for await (const event of readEventStream(Readable.from(chunks))) events.push(event)
  return events
}

describe('readEventStream', () => {
  it('reads ids, names and data of several lines, and passes over comments', async () => {
    const text = ': hello\n\nid: 1\nevent: job\ndata: a\ndata:b\n\nid: 2\ndata: c\n\n'
    expect(await read([Buffer.from(text)])).toEqual([
      { id: '1', event: 'job', data: 'a\nb' },
      { id: '2', event: 'message', data: 'c' },
    ])
  })

  it('drops an unfinished message at the end', async () => {
    expect(await read([Buffer.from('data: a\n\ndata: b\n')])).toHaveLength(1)
  })

  it('reads the same whatever the boundaries of the chunks', async () => {
    const bytes = Buffer.from('id: 1\r\ndata: grüß\r\n\r\nid: 2\ndata: x\n\n: c\n\nid: 3\ndata: é\n\n')
    const whole = await read([bytes])
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 10 }), async (cuts) => {
        const edges = [0, ...cuts.sort((a, b) => a - b), bytes.length]
        const chunks = edges.slice(1).map((end, index) => bytes.subarray(edges[index], end))
        expect(await read(chunks.filter((chunk) => chunk.length > 0))).toEqual(whole)
      }),
    )
  })
})
