import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  createRandom,
  decodeModel,
  decodeTensors,
  encodeJson,
  encodeModel,
  encodeTensors,
  fitRandomForestClassifier,
  type Json,
  ModelFileError,
  mergeForests,
  predictProba,
  type RandomForestClassifier,
  type Tensor,
  tensorOf,
} from '../src/index.ts'
import { frameOfRows, sampleProblem } from './frames.ts'

const forestOf = (classCount: number, seed = 1) =>
  fitRandomForestClassifier({ ...sampleProblem(80, classCount, seed), params: { nEstimators: 4 } })

/** A safetensors file with this header text over so many zero bytes of data. */
function fileWith(header: string, dataLength = 0): Uint8Array {
  const text = new TextEncoder().encode(header)
  const file = new Uint8Array(8 + text.length + dataLength)
  new DataView(file.buffer).setUint32(0, text.length, true)
  file.set(text, 8)
  return file
}
const meta = '"__metadata__":{"flotta":"null"}'
const entry = (begin: number, end: number, shape = `[${end - begin}]`) =>
  `{"dtype":"U8","shape":${shape},"data_offsets":[${begin},${end}]}`

describe('tensors in a file', () => {
  it('come back with their types, shapes and values', () => {
    const tensors: Record<string, Tensor> = {
      f64: tensorOf(Float64Array.of(1, Number.NaN, -0, Number.NEGATIVE_INFINITY), [2, 2]),
      f32: tensorOf(Float32Array.of(1.5)),
      i64: tensorOf(BigInt64Array.of(-(2n ** 63n), 7n)),
      i32: tensorOf(Int32Array.of(-1, 2 ** 31 - 1)),
      i16: tensorOf(Int16Array.of(-2)),
      u16: tensorOf(Uint16Array.of(65535)),
      u8: tensorOf(Uint8Array.of(1, 2, 3), [3, 1]),
      flags: { dtype: 'BOOL', shape: [2], data: Uint8Array.of(0, 1) },
      scalar: tensorOf(Float64Array.of(3), []),
      empty: tensorOf(new Float64Array(0), [0, 5]),
    }
    const description = { text: 'Größe ✓', list: [1, null, true] }
    const file = encodeTensors({ description, tensors })
    expect(decodeTensors(file)).toEqual({ description, tensors })
    const shifted = new Uint8Array(file.length + 3)
    shifted.set(file, 3)
    expect(decodeTensors(shifted.subarray(3))).toEqual({ description, tensors })
  })

  it('begin at multiples of 8 after a length and a JSON header', () => {
    const file = encodeTensors({
      description: null,
      tensors: { small: tensorOf(Uint8Array.of(9)), large: tensorOf(Float64Array.of(2)) },
    })
    const length = new DataView(file.buffer).getUint32(0, true)
    expect((8 + length) % 8).toBe(0)
    expect(JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length)))).toEqual({
      __metadata__: { flotta: 'null' },
      large: { dtype: 'F64', shape: [1], data_offsets: [0, 8] },
      small: { dtype: 'U8', shape: [1], data_offsets: [8, 9] },
    })
    expect(new DataView(file.buffer).getFloat64(8 + length, true)).toBe(2)
  })

  it.each([
    ['nothing', new Uint8Array(0), 'too short'],
    ['a header longer than the file', fileWith(`{${meta}}`).subarray(0, 20), 'within the header'],
    ['a header length of 2⁶³', Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 128), 'longer than'],
    ['a header of more than 1 MiB', fileWith(' '.repeat(2 ** 20 + 1)), 'longer than'],
    ['a header that is no JSON', fileWith('{'), 'not JSON'],
    ['a header that is no object', fileWith('[]'), 'begin with an object'],
    ['a header nested 200,000 deep', fileWith(`{"a":${'['.repeat(200_000)}`), 'not JSON'],
    ['a header that is not UTF-8', Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0xff), 'UTF-8'],
    ['no metadata', fileWith('{}'), 'metadata is not an object'],
    ['metadata that is no text', fileWith('{"__metadata__":{"flotta":1}}'), 'else than texts'],
    ['a description that is no JSON', fileWith('{"__metadata__":{"flotta":"{"}}'), 'description is not JSON'],
    ['a description with a key twice', fileWith('{"__metadata__":{"flotta":"{\\"a\\":1,\\"a\\":2}"}}'), 'repeated'],
    ['a tensor twice', fileWith(`{${meta},"a":${entry(0, 1)},"a":${entry(0, 1)}}`, 1), 'repeated'],
    ['a tensor twice in two spellings', fileWith(`{${meta},"a":${entry(0, 1)},"\\u0061" :${entry(0, 1)}}`, 1), 'repeated'],
    ['the name __proto__', fileWith(`{${meta},"__proto__":${entry(0, 1)}}`, 1), 'not allowed'],
    ['the name constructor', fileWith(`{${meta},"constructor":${entry(0, 1)}}`, 1), 'not allowed'],
    ['a name with a slash', fileWith(`{${meta},"../a":${entry(0, 1)}}`, 1), 'not allowed'],
    ['a gap', fileWith(`{${meta},"a":${entry(1, 2)}}`, 2), 'begin where'],
    ['an overlap', fileWith(`{${meta},"a":${entry(0, 2)},"b":${entry(1, 3)}}`, 3), 'begin where'],
    ['data of no tensor', fileWith(`{${meta},"a":${entry(0, 1)}}`, 2), 'take 1 bytes'],
    ['a tensor past the end', fileWith(`{${meta},"a":${entry(0, 9)}}`, 1), 'take 9 bytes'],
    ['a shape that does not fit', fileWith(`{${meta},"a":${entry(0, 4, '[2,3]')}}`, 4), 'fit its length'],
    ['a shape whose product overflows', fileWith(`{${meta},"a":${entry(0, 4, '[4294967296,4294967296]')}}`, 4), 'fit its length'],
    ['a negative shape', fileWith(`{${meta},"a":${entry(0, 1, '[-1]')}}`, 1), 'no valid shape'],
    ['an unknown type', fileWith(`{${meta},"a":{"dtype":"F16","shape":[1],"data_offsets":[0,2]}}`, 2), 'not supported'],
    [
      'an unknown property',
      fileWith(`{${meta},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"x":1}}`, 1),
      'unknown properties',
    ],
  ])('are refused: %s', (_, bytes, message) => {
    expect(() => decodeTensors(bytes)).toThrow(ModelFileError)
    expect(() => decodeTensors(bytes)).toThrow(message)
  })

  it('are refused when there are more than 4096, or a boolean is 2', () => {
    const many = Array.from({ length: 4097 }, (_, i) => `"t${i}":${entry(0, 0)}`)
    expect(() => decodeTensors(fileWith(`{${meta},${many}}`))).toThrow('more than 4096')
    const flag: Tensor = { dtype: 'BOOL', shape: [1], data: Uint8Array.of(2) }
    expect(() => decodeTensors(encodeTensors({ description: null, tensors: { flag } }))).toThrow('neither 0 nor 1')
  })

  it('are not written with a name or a shape that would not be read', () => {
    const tensor = tensorOf(Uint8Array.of(1))
    for (const name of ['', 'a b', '__metadata__', 'toString']) {
      expect(() => encodeTensors({ description: null, tensors: { [name]: tensor } })).toThrow(RangeError)
    }
    expect(() => tensorOf(Uint8Array.of(1), [2])).toThrow(RangeError)
  })
})

describe('a model file', () => {
  it('gives back the forest it was made from', () => {
    const forests = [forestOf(1), forestOf(2), forestOf(3), mergeForests([forestOf(2), forestOf(4, 2), forestOf(1, 3)])]
    const missing = frameOfRows(['x'], [[Number.NaN], [1], [1 + Number.EPSILON], [2]])
    const labels = { classes: ['a', 'b'], codes: Int32Array.of(0, 1, 0, 1) }
    forests.push(
      fitRandomForestClassifier({ features: missing, labels, params: { nEstimators: 3, bootstrap: false }, treeWeight: 2.5 }),
    )
    for (const forest of forests) expect(decodeModel(encodeModel(forest))).toEqual(forest)
  })

  it('holds forests of more than 255 features, whose nodes take two bytes', () => {
    const names = Array.from({ length: 300 }, (_, i) => `x${i}`)
    const rows = [0, 1].map((value) => names.map(() => value))
    const labels = { classes: [0, 1], codes: Int32Array.of(0, 1) }
    const forest = fitRandomForestClassifier({
      features: frameOfRows(names, rows),
      labels,
      params: { nEstimators: 50, bootstrap: false },
    })
    expect(Math.max(...forest.nodeFeatures.filter((feature) => feature < 0xffff))).toBeGreaterThan(255)
    expect(decodeModel(encodeModel(forest))).toEqual(forest)
  })

  const forest = forestOf(3)
  const { tensors, description } = decodeTensors(encodeModel(forest))
  const words = description as { readonly [key: string]: Json }
  const change = <T extends { slice(): T }>(array: T, edit: (copy: T) => void): T => {
    const copy = array.slice()
    edit(copy)
    return copy
  }
  const numbers = (name: string) => tensors[name].data as Float32Array
  const withData = (name: string, edit: (copy: Float32Array) => void) => ({ [name]: tensorOf(change(numbers(name), edit)) })

  it.each([
    ['another kind', { kind: 'Pickle' }, {}, 'random forest'],
    ['another version', { version: 2 }, {}, 'version'],
    ['an unknown word', { more: 1 }, {}, 'unknown properties'],
    ['a feature name twice', { featureNames: ['a', 'b', 'b'] }, {}, 'occurs twice'],
    ['classes out of order', { classes: [2, 1, 0] }, {}, 'not sorted'],
    ['a class of null', { classes: [0, 1, null] }, {}, 'list of labels'],
    ['a group of classes that do not exist', { groups: [[0, 1, 3]] }, {}, 'group'],
    ['no groups', { groups: [] }, {}, 'group'],
    ['parameters out of range', { params: { ...forest.params, nEstimators: -1 } }, {}, 'out of its range'],
    ['parameters that are incomplete', { params: { nEstimators: 1 } }, {}, 'parameters'],
    ['an unknown tensor', {}, { extra: tensorOf(Uint8Array.of(1)) }, 'six tensors'],
    ['a tensor of another type', {}, { treeWeights: tensorOf(Float32Array.of(1, 1, 1, 1)) }, 'treeWeights'],
    ['no trees', {}, { treeWeights: tensorOf(new Float64Array(0)) }, 'between 1'],
    ['a weight of 0', {}, withData('treeWeights', (w) => w.fill(0)), 'positive and finite'],
    ['a weight that is NaN', {}, withData('treeWeights', (w) => w.fill(Number.NaN)), 'positive and finite'],
    ['a group that does not exist', {}, withData('treeGroups', (g) => g.fill(1)), 'group that does not exist'],
    ['a tree of a negative number of nodes', {}, withData('treeNodeCounts', (n) => n.fill(-1)), 'more nodes'],
    ['trees of too many nodes', {}, withData('treeNodeCounts', (n) => n.fill(2 ** 30)), 'more nodes'],
    ['a root that is a leaf of a large tree', {}, withData('nodeFeatures', (f) => f.fill(255, 0, 1)), 'child of no other'],
    ['a tree without leaves', {}, withData('nodeFeatures', (f) => f.fill(0)), 'lacks a node'],
    ['a feature that does not exist', {}, withData('nodeFeatures', (f) => f.fill(3)), 'feature that does not exist'],
    ['a threshold that is NaN', {}, withData('thresholds', (t) => t.fill(Number.NaN)), 'not a number'],
    ['a threshold of Infinity', {}, withData('thresholds', (t) => t.fill(Number.POSITIVE_INFINITY)), 'not a number'],
    ['too few thresholds', {}, { thresholds: tensorOf(Float32Array.of(1)) }, 'one threshold'],
    ['a probability above 1', {}, withData('leafProbabilities', (p) => p.fill(2)), 'outside [0, 1]'],
    ['a probability that is NaN', {}, withData('leafProbabilities', (p) => p.fill(Number.NaN)), 'outside [0, 1]'],
    ['probabilities that do not sum to 1', {}, withData('leafProbabilities', (p) => p.fill(0.5)), 'sum to 1'],
    ['too few probabilities', {}, { leafProbabilities: tensorOf(Float32Array.of(1)) }, 'for each leaf'],
  ])('is refused: %s', (_, otherWords, otherTensors, message) => {
    const file = encodeTensors({
      description: { ...words, ...(otherWords as object) },
      tensors: { ...tensors, ...(otherTensors as object) },
    })
    expect(() => decodeModel(file)).toThrow(ModelFileError)
    expect(() => decodeModel(file)).toThrow(message)
  })

  it('with random bytes changed, cut or inserted is refused by a ModelFileError, or is a forest that predicts', () => {
    const original = encodeModel(mergeForests([forestOf(2), forestOf(3, 2)]))
    const headerEnd = 8 + new DataView(original.buffer).getUint32(0, true)
    const frame = frameOfRows(
      ['a', 'b', 'c'],
      [
        [0.5, 0.5, 0.5],
        [Number.NaN, 0, 1],
      ],
    )
    const verdict = (bytes: Uint8Array): 'refused' | 'read' => {
      let read: RandomForestClassifier
      try {
        read = decodeModel(bytes)
      } catch (error) {
        expect(error).toBeInstanceOf(ModelFileError)
        return 'refused'
      }
      if (read.featureNames.join() === 'a,b,c') {
        const probabilities = predictProba(read, frame)
        expect(probabilities.every((p) => p >= 0 && p <= 1)).toBe(true)
        expect(probabilities.reduce((a, b) => a + b)).toBeCloseTo(2, 9)
      }
      return 'read'
    }
    const verdicts = { refused: 0, read: 0 }
    const random = createRandom(2024)
    for (let run = 0; run < 3000; run++) {
      const limit = run % 2 === 0 ? headerEnd : original.length
      let bytes = original.slice()
      for (let edit = random.below(4); edit >= 0; edit--) bytes[random.below(limit)] = random.below(256)
      if (random.below(8) === 0) bytes = bytes.slice(0, random.below(bytes.length))
      if (random.below(8) === 0) bytes = Uint8Array.of(...bytes.slice(0, headerEnd), 0, ...bytes.slice(headerEnd))
      verdicts[verdict(bytes)]++
    }
    expect(verdicts.refused).toBeGreaterThan(100)
    expect(verdicts.read).toBeGreaterThan(10)
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => verdict(bytes) === 'refused'))
  })
})

describe('the preparation in a model file', () => {
  const stages = [
    { op: 'impute', feature: 'a', value: 2 },
    { op: 'impute', feature: 't', value: 'none' },
    { op: 'scale', feature: 'a', center: 1, scale: 2, offset: 0, lower: null, upper: 3 },
    { op: 'clamp', feature: 'a', lower: 0, upper: null },
    { op: 'binarize', feature: 'b', threshold: 0 },
    { op: 'bin', feature: 'c', edges: [1, 2] },
    { op: 'encode', feature: 't', categories: ['x', 1, null], infrequent: false, unknown: 'missing', missing: null },
    {
      op: 'indicate',
      feature: 'u',
      categories: ['x'],
      infrequent: true,
      names: ['u_x', 'u_infrequent'],
      dropped: null,
      unknown: 'error',
      on: 1,
      off: 0,
    },
    {
      op: 'indicate',
      feature: 'v',
      categories: ['x', 'y'],
      infrequent: ['z', null],
      names: ['v_x', 'v_y', 'v_infrequent'],
      dropped: 0,
      unknown: 'ignore',
      on: 1,
      off: 0,
    },
    { op: 'fitLocally', transformer: { kind: 'FederatedStandardScaler' } },
  ] as const
  const preparation = { inputs: [{ name: 'a', type: 'numbers' }], stages } as const
  const forest: RandomForestClassifier = { ...forestOf(2), preparation }

  function withPreparation(value: unknown): Uint8Array {
    const { description, tensors } = decodeTensors(encodeModel(forest))
    return encodeTensors({ description, tensors: { ...tensors, preparation: encodeJson(value as Json) } })
  }

  it('comes back as it was, expression by expression', () => {
    expect(decodeModel(encodeModel(forest))).toEqual(forest)
  })

  it('must be the same of all forests that are merged: thresholds mean nothing otherwise', () => {
    expect(mergeForests([forest, forest]).preparation).toEqual(preparation)
    const other = { ...forest, preparation: { ...preparation, stages: stages.slice(1) } }
    expect(() => mergeForests([forest, other])).toThrow('prepared in different ways')
    expect(() => mergeForests([forest, { ...forest, preparation: null }])).toThrow('prepared in different ways')
  })

  it('holds nothing but the closed set: any other value, property or shape is refused', () => {
    for (const stage of stages) {
      for (const key of Object.keys(stage)) {
        const { [key as keyof typeof stage]: _, ...without } = stage
        expect(() => decodeModel(withPreparation({ ...preparation, stages: [without] })), key).toThrow(ModelFileError)
        for (const value of [{}, [[]], 'no', [1, 1], true]) {
          if (key === 'feature' && typeof value === 'string') continue
          if (key === 'value' && typeof value === 'string') continue
          if (key === 'infrequent' && value === true) continue
          const isList = key === 'edges' || key === 'categories' || key === 'transformer'
          if (isList && (key === 'transformer' ? !Array.isArray(value) && typeof value === 'object' : false)) continue
          const changed = { ...preparation, stages: [{ ...stage, [key]: value }] }
          expect(() => decodeModel(withPreparation(changed)), `${stage.op}.${key} = ${JSON.stringify(value)}`).toThrow(
            ModelFileError,
          )
        }
      }
      const extra = { ...preparation, stages: [{ ...stage, code: 'x' }] }
      expect(() => decodeModel(withPreparation(extra)), stage.op).toThrow(ModelFileError)
    }
    expect(() => decodeModel(withPreparation({ ...preparation, stages: [{ op: 'eval', feature: 'a' }] }))).toThrow(ModelFileError)
    expect(() => decodeModel(withPreparation({ ...preparation, more: 1 }))).toThrow(ModelFileError)
    expect(() => decodeModel(withPreparation('{'))).toThrow(ModelFileError)
  })
})
