import { randomBytes } from 'node:crypto'
import type { InputColumn } from '@flotta/algorithms'
import {
  type Artifact,
  artifactSchema,
  columnTransformersOf,
  columnTypeOf,
  commonType,
  FlottaError,
  isNumericType,
  issuesOf,
  issuesText,
  type PreflightReport,
  type ProjectFeature,
  type ProjectView,
  requestIdSchema,
  routes,
  type Scalar,
  type Step,
  type TypedFeature,
  unknownFeatureText,
  unsupportedParts,
} from '@flotta/contract'
import { patiently } from './patience.ts'
import { Expression } from './plan/expression.ts'
import { type FittingPlan, fittingStepsOf, stepsOf, type TrainingPlan } from './plan/training-plan.ts'
import type { ProjectContext } from './project-context.ts'
import type { DescribeResult } from './results/result.ts'
import { Run } from './run.ts'
import { type EstimateOptions, Statistics, type SubmitOptions } from './statistics.ts'
import { FittedPreparation } from './table/fitted-preparation.ts'

/** A project as a researcher sees it: features, records and clients, and the way to compute over them. */
export class Project extends Statistics {
  readonly #context: ProjectContext
  readonly #runs: Run[] = []
  #view: ProjectView

  constructor(view: ProjectView, context: ProjectContext) {
    super()
    this.#view = view
    this.#context = context
  }

  get id(): string {
    return this.#view.id
  }

  get name(): string {
    return this.#view.name
  }

  /** Records of all data sources together, as they were last published. */
  get records(): number {
    return this.#view.records
  }

  /** Data holders that take part. */
  get clients(): ProjectView['clients'] {
    return this.#view.clients
  }

  /** The features that every data source has. */
  get features(): readonly ProjectFeature[] {
    return this.#view.features
  }

  /**
   * A feature to compute with, which knows its type: what is built of it and can't work is refused where it is written.
   *
   * @throws {FlottaError} `unknown_feature` with the name that is nearest, `unsuitable_feature` when the sites have it as types that
   * can't be reconciled
   */
  feature(name: string): Expression {
    const found = this.features.find((candidate) => candidate.name === name)
    const known = this.features.flatMap(({ name, types }): TypedFeature[] => {
      const type = commonType(types.map(columnTypeOf))
      return type === undefined ? [] : [{ name, type }]
    })
    if (found === undefined) throw new FlottaError('unknown_feature', unknownFeatureText(name, known))
    if (!known.some((candidate) => candidate.name === name))
      throw new FlottaError('unsuitable_feature', `"${name}" is not the same everywhere: ${found.types.join(', ')}`)
    return new Expression({ op: 'feature', name }, known)
  }

  /** The categories that every owner declares, or else those that every site names; both of what is true or false. */
  protected override agreedValues(feature: string): readonly Scalar[] | undefined {
    const found = this.features.find(({ name }) => name === feature)
    if (found?.types.every((type) => type === 'boolean')) return [false, true]
    return found?.levels ?? found?.values?.map(({ value }) => value)
  }

  get datasources(): ProjectView['datasources'] {
    return this.#view.datasources
  }

  /** What this object has submitted, oldest first. */
  get runs(): readonly Run[] {
    return this.#runs
  }

  /**
   * A run by its id, such as one that another program of this researcher submitted; that there is none shows when it is first asked for, as
   * `not_found`.
   */
  run(id: Run['id']): Run {
    return new Run(id, this.#context)
  }

  /** Asks the node for the present state of the project. */
  async refresh(options: { readonly signal?: AbortSignal } = {}): Promise<this> {
    this.#view = await this.#context.connection.call(routes.workbench.project, { params: { projectId: this.#view.id } }, options)
    return this
  }

  /**
   * Whether a plan could work at every site, and if not, why and where; nothing runs. Each site answers by what it has published.
   *
   * @throws {FlottaError} `malformed_request` when it is no plan at all
   */
  async preflight(steps: readonly Step[], options: { readonly signal?: AbortSignal } = {}): Promise<PreflightReport> {
    const artifact = wellFormed({ label: '', steps: [...steps] })
    const call = { params: { projectId: this.#view.id }, body: { artifact } }
    return await this.#context.connection.call(routes.workbench.preflight, call, options)
  }

  /**
   * Submits a plan and answers once the node has stored it; the run goes on whether or not this program does. While the node does not answer
   * it is sent again under the same id, for some minutes or until the signal aborts: it makes one artifact, however often it arrives.
   *
   * @throws {FlottaError} `malformed_request`, `unsupported_operation`, `invalid_artifact`, `unknown_feature`, `unsuitable_feature`, `no_workers`;
   * `conflict` when the `requestId` was given to another plan
   */
  override async submit(steps: readonly Step[], options: SubmitOptions = {}): Promise<Run> {
    const { label = '', requestId = randomBytes(16).toString('base64url'), signal } = options
    const artifact = checkedArtifact({ label, steps: [...steps] })
    const call = { params: { projectId: this.#view.id }, body: { artifact, requestId: checkedRequestId(requestId) } }
    const submit = () => this.#context.connection.call(routes.workbench.submit, call, signal ? { signal } : {})
    const { id } = await patiently(submit, { signal })
    const known = this.#runs.find((run) => run.id === id)
    if (known !== undefined) return known
    const run = new Run(id, this.#context)
    this.#runs.push(run)
    return run
  }

  /**
   * Trains a model over all sites: the transformers are fitted over the federation round by round, then each site trains on its own
   * records, and the models are merged. `run.resultOf('RandomForestClassifier')` has the model, which prepares raw rows by itself.
   *
   * @throws {FlottaError} as `submit`
   */
  train(plan: TrainingPlan, options: SubmitOptions = {}): Promise<Run> {
    return this.submit(stepsOf(plan), { label: `train ${plan.model.kind}`, ...options })
  }

  /**
   * Fits transformers over all sites, on training records alone and without a model, for tables of one's own.
   *
   * @throws {FlottaError} as `submit`; `unknown_feature` when not every data source has one of the features
   */
  async fit(plan: FittingPlan, options: SubmitOptions = {}): Promise<FittedPreparation> {
    const inputs = plan.features.map((name): InputColumn => ({ name, type: this.#isNumeric(name) ? 'numbers' : 'texts' }))
    const run = await this.submit(fittingStepsOf(plan), { label: 'fit', ...options })
    const fitted = await run.resultOf('FittedTransformers', options)
    return new FittedPreparation(columnTransformersOf(plan.prepare), inputs, fitted)
  }

  #isNumeric(name: string): boolean {
    const found = this.features.find((candidate) => candidate.name === name)
    if (found === undefined) throw new FlottaError('unknown_feature', `Not every data source has a feature "${name}".`)
    return found.types.every(isNumericType)
  }

  /** Describes these features, or all that every data source has. */
  override describe(
    features: readonly string[] = this.features.map(({ name }) => name),
    options: EstimateOptions = {},
  ): Promise<DescribeResult> {
    return super.describe(features, options)
  }
}

function checkedRequestId(requestId: string): string {
  if (requestIdSchema.safeParse(requestId).success) return requestId
  throw new FlottaError('malformed_request', 'A requestId has 16 to 64 letters, digits, hyphens and underscores.')
}

/** A plan that the contract's schema accepts and that this version can run; nothing else is sent. */
function checkedArtifact(plan: Artifact): Artifact {
  wellFormed(plan)
  const unsupported = unsupportedParts(plan)
  if (unsupported.length > 0) throw new FlottaError('unsupported_operation', issuesText(unsupported), { issues: unsupported })
  return plan
}

/** A plan that the contract's schema accepts. */
function wellFormed(plan: Artifact): Artifact {
  const parsed = artifactSchema.safeParse(plan)
  const malformed = parsed.success ? [] : issuesOf(parsed.error, 'artifact')
  if (malformed.length > 0) throw new FlottaError('malformed_request', issuesText(malformed), { issues: malformed })
  return plan
}
