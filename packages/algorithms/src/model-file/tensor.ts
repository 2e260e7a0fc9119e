/** Element types of safetensors that are read and written; everything else in a file is refused. */
const ARRAY_OF = {
  F64: Float64Array,
  I64: BigInt64Array,
  F32: Float32Array,
  I32: Int32Array,
  I16: Int16Array,
  U16: Uint16Array,
  U8: Uint8Array,
  BOOL: Uint8Array,
} as const satisfies { [D in keyof DataOf]: new (buffer: ArrayBuffer) => DataOf[D] }

export type Dtype = keyof DataOf
interface DataOf {
  F64: Float64Array
  I64: BigInt64Array
  F32: Float32Array
  I32: Int32Array
  I16: Int16Array
  U16: Uint16Array
  U8: Uint8Array
  BOOL: Uint8Array
}

/** The array that holds elements of a type. */
export type TensorData<D extends Dtype = Dtype> = DataOf[D]

/** An array with a shape; the last index varies fastest. A BOOL holds 0 and 1. */
export type Tensor = {
  [D in Dtype]: { readonly dtype: D; readonly shape: readonly number[]; readonly data: TensorData<D> }
}[Dtype]

/**
 * A tensor over this array, which it shares; the type of its elements follows from the array's.
 *
 * @param shape @default one dimension
 * @throws {RangeError} when the shape does not have as many elements as the array
 */
export function tensorOf(data: TensorData, shape: readonly number[] = [data.length]): Tensor {
  const dtype = (Object.keys(ARRAY_OF) as Dtype[]).find((name) => data instanceof ARRAY_OF[name])
  if (dtype === undefined) throw new TypeError('a tensor needs an array of a supported type')
  const elements = shape.reduce((product, size) => product * size, 1)
  if (elements !== data.length) throw new RangeError(`a tensor of shape [${shape}] has ${elements} elements, not ${data.length}`)
  return { dtype, shape: [...shape], data } as Tensor
}

export function isDtype(name: unknown): name is Dtype {
  return typeof name === 'string' && Object.hasOwn(ARRAY_OF, name)
}

export function bytesPerElement(dtype: Dtype): number {
  return ARRAY_OF[dtype].BYTES_PER_ELEMENT
}

/** The elements in a copy of these bytes, whose number is a multiple of the element's size. */
export function dataOf(dtype: Dtype, bytes: Uint8Array): TensorData {
  const copy = new Uint8Array(bytes)
  return new ARRAY_OF[dtype](copy.buffer)
}
