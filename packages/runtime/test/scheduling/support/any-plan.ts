import type { Distribution, Step } from '@flotta/contract'
import fc from 'fast-check'
import { defaultDistribution, fits } from '../../../src/scheduling/distributions/distribution-links.ts'
import type { Place } from '../../../src/scheduling/places.ts'
import { finalize, initialize, iterate, merge, parallel, roundRobin, secureSum, sequential } from './steps.ts'

type Kind = Distribution['kind']
const kinds: readonly Kind[] = ['Collect', 'Distribute', 'Arrange', 'RoundRobin', 'DirectToNext']

/** A list of steps of which the first takes at one place and the last leaves at another, before anybody knows how they are joined. */
interface Sketch {
  readonly entry: Place
  readonly exit: Place
  /** The steps, whose last one sends its products to this place. */
  readonly to: (place: Place, pick: (kinds: readonly Kind[]) => Kind) => Step[]
}

const join = (first: Sketch, second: Sketch): Sketch => ({
  entry: first.entry,
  exit: second.exit,
  to: (place, pick) => [...first.to(second.entry, pick), ...second.to(place, pick)],
})

/** Products of all workers never meet a step that takes one. */
const canFollow = (first: Sketch, second: Sketch) => defaultDistribution(first.exit, second.entry) !== undefined

const plain = (place: Place, make: (kind: Kind | undefined) => Step): Sketch => ({
  entry: place,
  exit: place,
  to: (to, pick) => [make(pick(kinds.filter((kind) => fits(kind, place, to))))],
})

const atNode = plain('node', () => finalize())
/** What comes out tells of the sites, and is combined at the node. */
const summed: Sketch = { entry: 'one', exit: 'node', to: () => [secureSum(), finalize(merge)] }
const leaf = fc.constantFrom<Sketch>(
  atNode,
  summed,
  plain('each', (kind) => parallel(kind ?? 'Arrange')),
  plain('one', sequential),
  plain('each', roundRobin),
)

function rounds(body: Sketch, count: number, tolerance: number | undefined): Sketch {
  return {
    entry: body.entry,
    exit: body.exit,
    to: (to, pick) => {
      const steps = body.to(body.entry, pick)
      const kind = pick(kinds.filter((candidate) => fits(candidate, body.exit, to)))
      return [iterate(count, steps, steps.at(-1)?.kind === 'Finalize' && tolerance ? { kind, tolerance } : { kind })]
    },
  }
}

/** Any list of steps that fit to each other; where the next one drawn would not fit, a Finalize goes between. */
const sketch = fc.letrec<{ list: Sketch; item: Sketch }>((tie) => ({
  list: fc
    .array(tie('item'), { minLength: 1, maxLength: 4 })
    .map((items) => items.reduce((all, next) => join(canFollow(all, next) ? all : join(all, atNode), next))),
  item: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc
      .record({
        body: tie('list'),
        count: fc.integer({ min: 1, max: 3 }),
        tolerance: fc.option(fc.constant(0.1), { nil: undefined }),
      })
      .map(({ body, count, tolerance }) => rounds(canFollow(body, body) ? body : join(body, atNode), count, tolerance)),
  ),
}))

/** Lets some steps use products that the node made earlier in the same list. */
function withUses(steps: readonly Step[], use: () => boolean): Step[] {
  return steps.map((step, index) => {
    if (step.kind === 'Iterate') return { ...step, steps: withUses(step.steps, use) }
    const made = steps.slice(0, index).flatMap(({ kind }, place) => (kind === 'Initialize' || kind === 'Finalize' ? [place] : []))
    const uses = made.filter(use).reverse()
    return step.kind === 'Initialize' || uses.length === 0 ? step : { ...step, uses }
  })
}

/** Plans that can run: any steps that fit to each other, at times after an Initialize, and a Finalize at their end. */
export const anyPlan: fc.Arbitrary<Step[]> = fc
  .record({ list: sketch.list, begins: fc.boolean(), picks: fc.infiniteStream(fc.nat(100)) })
  .map(({ list, begins, picks }) => {
    const pick = (fitting: readonly Kind[]): Kind => {
      const kind = fitting[Number(picks.next().value) % fitting.length]
      if (kind === undefined) throw new Error('nothing fits')
      return kind
    }
    const begun = begins || list.entry === 'node' ? join(plain('node', initialize), list) : list
    return withUses([...begun.to('node', pick), finalize()], () => Number(picks.next().value) % 4 === 0)
  })

/** Lets some steps whose products meet in one place go on with one worker, at once or by a deadline; the last of rounds travels as those say. */
function withQuorums(steps: readonly Step[], pick: () => number, isWithin = false): Step[] {
  return steps.map((step, index) => {
    if (step.kind === 'Iterate') return { ...step, steps: withQuorums(step.steps, pick, true) }
    const meets = step.kind === 'Parallel' && ['Collect', 'Distribute'].includes(step.distribution.kind)
    if (!meets || (isWithin && index === steps.length - 1)) return step
    const quorums = [{}, { minWorkers: 1 }, { minWorkers: 1, timeoutS: 1 }]
    return { ...step, ...quorums[pick() % quorums.length] }
  })
}

/** Steps that each worker does by itself, then one that goes on with some of them. */
const aloneThenQuorum = fc
  .record({
    alone: fc.array(fc.constantFrom<Kind>('Arrange', 'RoundRobin', 'DirectToNext'), { maxLength: 3 }),
    ring: fc.boolean(),
    quorum: fc.constantFrom({ minWorkers: 1 }, { minWorkers: 2 }, { minWorkers: 1, timeoutS: 1 }),
    rounds: fc.integer({ min: 1, max: 2 }),
  })
  .map(({ alone, ring, quorum, rounds }): Step => {
    const before = [...(ring ? [roundRobin('Arrange')] : []), ...alone.map((kind) => parallel(kind))]
    return iterate(rounds, [...before, { ...parallel('Collect'), ...quorum }, finalize()])
  })

/** The same, and plans made for it, with quorums that two workers can make. */
export const anyPlanWithQuorums: fc.Arbitrary<Step[]> = fc.oneof(
  fc.array(aloneThenQuorum, { minLength: 1, maxLength: 3 }).map((steps) => [...steps, finalize()]),
  fc
    .record({ steps: anyPlan, picks: fc.infiniteStream(fc.nat(100)) })
    .map(({ steps, picks }) => withQuorums(steps, () => Number(picks.next().value))),
)
