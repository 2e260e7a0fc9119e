import type { Json } from '../json.ts'
import { isTensorName, MAX_HEADER_BYTES, MAX_TENSORS, parseHeader } from './header.ts'
import { ensure, ModelFileError } from './model-file-error.ts'
import { bytesPerElement, dataOf, type Tensor } from './tensor.ts'

/** Named tensors, and a description of what they mean. */
export interface TensorFile {
  readonly description: Json
  readonly tensors: Readonly<Record<string, Tensor>>
}

const LENGTH_BYTES = 8

/**
 * Writes a safetensors file (https://huggingface.co/docs/safetensors): 8 bytes of header length, a JSON header, little-endian data.
 *
 * The description travels as JSON in `__metadata__.flotta`. The same content gives the same bytes.
 *
 * @throws {RangeError} when a name is not allowed, a shape does not fit, or there is more than a reader takes
 */
export function encodeTensors({ description, tensors }: TensorFile): Uint8Array {
  assertLittleEndian()
  const entries = Object.entries(tensors).sort(([, a], [, b]) => bytesPerElement(b.dtype) - bytesPerElement(a.dtype))
  if (entries.length > MAX_TENSORS) throw new RangeError(`a file has at most ${MAX_TENSORS} tensors, not ${entries.length}`)
  const header: Record<string, Json> = { __metadata__: { flotta: JSON.stringify(description) } }
  let dataLength = 0
  for (const [name, { dtype, shape, data }] of entries) {
    if (!isTensorName(name)) throw new RangeError(`${JSON.stringify(name)} is not allowed as the name of a tensor`)
    const elements = shape.reduce((product, size) => product * size, 1)
    if (elements !== data.length) throw new RangeError(`tensor ${name} has ${data.length} elements, its shape ${elements}`)
    header[name] = { dtype, shape, data_offsets: [dataLength, dataLength + data.byteLength] }
    dataLength += data.byteLength
  }
  const headerBytes = paddedBytes(JSON.stringify(header))
  if (headerBytes.length > MAX_HEADER_BYTES) throw new RangeError(`the header takes more than ${MAX_HEADER_BYTES} bytes`)
  const file = new Uint8Array(LENGTH_BYTES + headerBytes.length + dataLength)
  new DataView(file.buffer).setUint32(0, headerBytes.length, true)
  file.set(headerBytes, LENGTH_BYTES)
  let place = LENGTH_BYTES + headerBytes.length
  for (const [, { data }] of entries) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), place)
    place += data.byteLength
  }
  return file
}

/**
 * Reads what {@link encodeTensors} writes, and nothing that two readers could understand differently.
 *
 * It allocates no more than the bytes it was given, whatever they claim.
 *
 * @throws {ModelFileError} when the file is malformed
 */
export function decodeTensors(bytes: Uint8Array): TensorFile {
  assertLittleEndian()
  ensure(bytes.length >= LENGTH_BYTES, 'the file is too short')
  const view = new DataView(bytes.buffer, bytes.byteOffset, LENGTH_BYTES)
  const headerLength = view.getUint32(0, true)
  ensure(view.getUint32(4, true) === 0 && headerLength <= MAX_HEADER_BYTES, `the header is longer than ${MAX_HEADER_BYTES} bytes`)
  ensure(headerLength <= bytes.length - LENGTH_BYTES, 'the file ends within the header')
  const data = bytes.subarray(LENGTH_BYTES + headerLength)
  const { description, entries } = parseHeader(decodeText(bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + headerLength)), data.length)
  const tensors: Record<string, Tensor> = {}
  for (const { name, dtype, shape, begin, end } of entries) {
    const part = data.subarray(begin, end)
    ensure(dtype !== 'BOOL' || part.every((byte) => byte <= 1), `tensor ${name} holds a boolean that is neither 0 nor 1`)
    tensors[name] = { dtype, shape, data: dataOf(dtype, part) } as Tensor
  }
  return { description, tensors }
}

/** UTF-8, filled up with spaces so that the data begins at a multiple of 8. */
function paddedBytes(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text)
  const padded = new Uint8Array(Math.ceil(bytes.length / 8) * 8).fill(0x20)
  padded.set(bytes)
  return padded
}

function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new ModelFileError('the header is not UTF-8')
  }
}

/** Typed arrays have the machine's byte order, the file has little-endian. */
function assertLittleEndian(): void {
  if (new Uint8Array(Uint16Array.of(1).buffer)[0] !== 1) throw new Error('model files need a little-endian machine')
}
