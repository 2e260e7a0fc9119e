import type { Artifact, Criterion, Distribution, PlainStep, Step } from '@flotta/contract'

/** A plain step in the course of a plan: the same step stands there once a round. */
export interface Stage {
  readonly step: PlainStep
  /** Where the step stands in the plan: `steps[1].steps[0]`. */
  readonly path: string
  /** Place of the step, or of the outermost Iterate around it, in the plan. */
  readonly stepIndex: number
  /** How its products travel on, where the plan says it. */
  readonly distribution: Distribution['kind'] | undefined
  /** The earlier stages whose products it reads beside its inputs, by their places in the course. */
  readonly uses: readonly number[]
  readonly until: StageEnd | undefined
}

/** Stands at the last stage of a round that may be the last one. */
export interface StageEnd {
  readonly criterion: Criterion
  /** Place of the same stage in the round before. */
  readonly previous: number
  /** Place of what follows the rounds. */
  readonly resume: number
}

type Growing = { -readonly [Key in keyof Stage]: Stage[Key] }

/**
 * The course of a plan: its plain steps one after the other, those of an Iterate once a round.
 *
 * @param mostRounds rounds beyond this many are left out, for who asks only what stands beside what
 */
export function unroll({ steps }: Artifact, mostRounds = Number.POSITIVE_INFINITY): Stage[] {
  const course: Growing[] = []
  unrollList(steps, '', undefined, mostRounds, course)
  return course
}

function unrollList(
  steps: readonly Step[],
  prefix: string,
  outermost: number | undefined,
  mostRounds: number,
  course: Growing[],
): void {
  const places: (number | undefined)[] = []
  for (const [index, step] of steps.entries()) {
    const path = `${prefix}steps[${index}]`
    const stepIndex = outermost ?? index
    if (step.kind === 'Iterate') {
      unrollRounds(step, path, stepIndex, mostRounds, course)
      places.push(undefined)
      continue
    }
    const uses = 'uses' in step ? (step.uses ?? []).flatMap((used) => places[used] ?? []) : []
    const distribution = 'distribution' in step ? step.distribution?.kind : undefined
    places.push(course.length)
    course.push({ step, path, stepIndex, distribution, uses, until: undefined })
  }
}

function unrollRounds(
  { rounds, steps, until, distribution }: Step & { kind: 'Iterate' },
  path: string,
  stepIndex: number,
  mostRounds: number,
  course: Growing[],
): void {
  const ends: number[] = []
  for (let round = 0; round < Math.min(rounds, mostRounds); round++) {
    unrollList(steps, `${path}.`, stepIndex, mostRounds, course)
    ends.push(course.length - 1)
  }
  const resume = course.length
  const last = course.at(-1)
  if (distribution && last) last.distribution = distribution.kind
  if (until === undefined) return
  // The first round has nothing to be compared with; after the last one nothing is left to end.
  for (const [round, end] of ends.slice(0, -1).entries()) {
    const stage = course[end]
    const previous = ends[round - 1]
    if (stage && previous !== undefined) stage.until = { criterion: until, previous, resume }
  }
}
