import type { Readable } from 'node:stream'

/** One message of an event stream (the `text/event-stream` format of the HTML standard). */
export interface ServerSentEvent {
  readonly id: string
  readonly event: string
  readonly data: string
}

/** Longest line that is read; an event of an artifact takes about one kilobyte. */
const MAX_LINE_CHARACTERS = 1024 * 1024

/** Reads an event stream message by message; comments are passed over, an unfinished message at the end is dropped. */
export async function* readEventStream(body: Readable): AsyncGenerator<ServerSentEvent> {
  const decoder = new TextDecoder()
  let rest = ''
  let id = ''
  let event = 'message'
  let data: string[] = []
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    rest += decoder.decode(chunk, { stream: true })
    if (rest.length > MAX_LINE_CHARACTERS) throw new RangeError('a line of the event stream is too long')
    const lines = rest.split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0) yield { id, event, data: data.join('\n') }
        event = 'message'
        data = []
        continue
      }
      const colon = line.indexOf(':')
      const field = colon < 0 ? line : line.slice(0, colon)
      const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
      if (field === 'data') data.push(value)
      else if (field === 'id') id = value
      else if (field === 'event') event = value
    }
  }
}
