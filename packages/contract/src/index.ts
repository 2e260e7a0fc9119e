/**
 * Every word said on the wire of a flotta network.
 *
 * - **node**: the aggregation node; reachable by everybody, receives artifacts, schedules jobs, relays and aggregates results
 * - **client**: a data holder's process; never reachable, it calls the node and asks for work
 * - **workbench**: a researcher's program
 * - **component**: any of the three; it has an id made from its key
 * - **project**: a name and a secret token; data holders attach data sources to it, researchers open it
 * - **datasource**: one table of one component
 * - **artifact**: a plan, a list of steps, as plain JSON
 * - **step**: what is done (operation), by whom, and how results travel on (distribution)
 * - **job**: one step on one component, handed out as a **task** under a lease
 * - **resource**: what a job produced: JSON plus typed tensors, sealed to its recipients
 *
 * @packageDocumentation
 */
export { type Artifact, artifactSchema } from './artifact/artifact.ts'
export { type Criterion, criterionSchema } from './artifact/criterion.ts'
export { type Distribution, distributionSchema } from './artifact/distributions.ts'
export {
  type Estimator,
  type EstimatorOf,
  estimatorSchema,
  type GroupKey,
  type GroupStatistic,
} from './artifact/estimators.ts'
export { groupKeysOf, keysByValue } from './artifact/group-keys.ts'
export { type FederatedRandomForestClassifier, type Model, modelSchema } from './artifact/models.ts'
export {
  type Aggregation,
  type Estimate,
  type Fit,
  type JobOperation,
  jobOperationSchema,
  type Levels,
  levelsSchema,
  MAX_LEVELS,
  type Operation,
  operationSchema,
  type SecureSumJob,
  type TrainTest,
} from './artifact/operations.ts'
export {
  type Iterate,
  MAX_ROUNDS,
  MAX_STEPS,
  MIN_SECURE_SUM_SITES,
  type PlainStep,
  type SecureSum,
  type Step,
  stepSchema,
} from './artifact/steps.ts'
export { supported, unsupportedParts } from './artifact/supported.ts'
export {
  type ColumnTransformer,
  type ColumnTransformerInput,
  columnTransformerSchema,
  columnTransformersOf,
  type FederatedPipeline,
  type FederatedSplitter,
  type Transformer,
  transformerSchema,
} from './artifact/transformers.ts'
export { type ErrorCode, type ErrorCodeEntry, errorCodes, isErrorCode } from './errors/codes.ts'
export { failureFromUnknown, type JobFailure, jobFailure, jobFailureSchema } from './errors/failure.ts'
export { FlottaError, isFlottaError, toError } from './errors/flotta-error.ts'
export { issuesOf, issuesText } from './errors/issues.ts'
export { type Issue, issueSchema, type Problem, problemOf, problemSchema } from './errors/problem.ts'
export {
  type ArtifactId,
  artifactIdSchema,
  type ComponentId,
  componentIdSchema,
  type DatasourceId,
  datasourceIdSchema,
  type IdOf,
  type JobId,
  jobIdSchema,
  makeId,
  type ProjectId,
  projectIdSchema,
  type ResourceId,
  resourceIdSchema,
} from './ids.ts'
export { type BarrierCount, barrierVerdict, verdictAtDeadline } from './job/barrier.ts'
export { type ArtifactStatus, artifactStatuses, type JobStatus, jobStatuses } from './job/status.ts'
export {
  type ArtifactEvent as ArtifactTransition,
  artifactStatesBefore,
  artifactTransitions,
  isTerminalArtifact,
  isTerminalJob,
  type JobEvent as JobTransition,
  jobStatesBefore,
  jobTransitions,
} from './job/transitions.ts'
export { type Json, jsonDepth, MAX_JSON_DEPTH, parseJson } from './json.ts'
export type { ComponentItem, DatasourceItem, NodeStatus, TokenRecord } from './messages/admin.ts'
export {
  type ComponentKind,
  type ComponentState,
  componentStateSchema,
  type KeyDocument,
  keyDocumentSchema,
  type NodeKey,
  nodeKeySchema,
  type TokenProof,
  tokenProofSchema,
} from './messages/component.ts'
export {
  type CategoryCount,
  categoryCountSchema,
  type DatasourceMetadata,
  datasourceMetadataSchema,
  defaultMissing,
  type Feature,
  MAX_PUBLISHED_LEVELS,
  type PublishMode,
  type PublishRequest,
  type PublishResponse,
  publishModeSchema,
  publishModes,
  publishRequestSchema,
  publishResponseSchema,
} from './messages/datasource.ts'
export { type JoinRequest, type JoinResponse, joinRequestSchema, joinResponseSchema } from './messages/joining.ts'
export {
  type Member,
  memberSchema,
  type NetworkChanges,
  type OtherNode,
  type OtherNodes,
  type SharedProject,
} from './messages/network.ts'
export {
  type PreflightReport,
  preflightReportSchema,
  preflightRequestSchema,
  type SiteReport,
} from './messages/preflight.ts'
export { type ProjectState, projectStateSchema } from './messages/project.ts'
export { type StoredResource, storedResourceSchema } from './messages/resource.ts'
export {
  type CompleteRequest,
  completeRequestSchema,
  MAX_RECIPIENTS,
  type Metrics,
  metricsSchema,
  type Task,
  taskSchema,
} from './messages/task.ts'
export {
  type ArtifactEvent,
  type ArtifactFailure,
  type ArtifactView,
  artifactEventSchema,
  artifactViewSchema,
  type JobView,
  type Participation,
  type ProjectFeature,
  type ProjectView,
  projectViewSchema,
  requestIdSchema,
} from './messages/workbench.ts'
export { nearest } from './nearest.ts'
export { openApiDocument } from './openapi.ts'
export {
  MAX_BREATH_S,
  MAX_WAIT_S,
  mediaTypes,
  PROTOCOL_VERSION,
  proofPurposes,
  relayPath,
  SMALL_PRODUCT_BYTES,
} from './protocol.ts'
export {
  type ComparisonOperator,
  comparisons,
  type Expression,
  expressionSchema,
  operandsOf,
  type Scalar,
  scalarSchema,
} from './query/expression.ts'
export { featureNameSchema } from './query/feature-name.ts'
export {
  type ColumnType,
  columnTypeOf,
  type FeatureType,
  featureTypes,
  hasNumbersAtMost,
  isNumericType,
  type TypedFeature,
} from './query/feature-type.ts'
export { type FunctionName, type FunctionSignature, functionNames, functionSignatures } from './query/functions.ts'
export {
  isRelational,
  MAX_EXPRESSION_DEPTH,
  MAX_EXPRESSION_NODES,
  type Query,
  querySchema,
  type RelationalStage,
  type Stage,
  stageSchema,
} from './query/query.ts'
export { keyValueOf } from './query/typing/key-value.ts'
export { canonicalTime, LARGEST_NUMBER } from './query/typing/literal.ts'
export { commonType, isTime } from './query/typing/reconcile.ts'
export { typeExpression } from './query/typing/type-expression.ts'
export { type TypedQuery, type TypedStage, typeQuery } from './query/typing/type-query.ts'
export type { TypedExpression } from './query/typing/typed-expression.ts'
export { findFeature, type Report, type TypingProblem, unknownFeatureText } from './query/typing/typing-problem.ts'
export { fittedTransformersSchema } from './results/fitted-transformers.ts'
export {
  type ColumnValue,
  type GroupValue,
  type StatisticValue,
  type StatisticValueOf,
  statisticValueSchema,
} from './results/values.ts'
export { routes } from './routes/index.ts'
export {
  type Ownership,
  type Role,
  type Route,
  type RouteCall,
  type RouteMetadata,
  type RouteRequest,
  type RouteResponse,
  type Routes,
  type Streaming,
  streamsBody,
  successStatus,
} from './routes/route.ts'
