/** What one error code means: to HTTP, to a retry loop and to the person who can mend it. */
export interface ErrorCodeEntry {
  /** HTTP status when the error answers a request. */
  readonly status: number
  /** Whether the same request or job may succeed later without anybody changing it. */
  readonly retryable: boolean
  /** The state, in one sentence without data values. */
  readonly title: string
  /** What the reader can do about it. */
  readonly remedy: string
}

const entry = (status: number, retryable: boolean, title: string, remedy: string): ErrorCodeEntry => ({
  status,
  retryable,
  title,
  remedy,
})

/** The closed table of errors. A code that is not here does not exist. */
export const errorCodes = {
  malformed_request: entry(
    400,
    false,
    'The request does not fit the contract.',
    'Compare it with /openapi.json; the problem names the path.',
  ),
  unauthenticated: entry(
    401,
    false,
    'The request could not be authenticated.',
    'Join the node again with this key; check that the recipient is this node.',
  ),
  node_mismatch: entry(
    421,
    false,
    'The node at this address is not the one that was expected.',
    'Compare its fingerprint with the operator of the node by telephone. If the node changed its key on purpose, remove its line from known-nodes.json.',
  ),
  clock_skew: entry(
    401,
    true,
    'The clocks of the two components differ by more than is tolerated.',
    'Set the clock of this machine by NTP.',
  ),
  admission_refused: entry(
    403,
    false,
    'The node does not admit this component.',
    'Check the project token or the enrolment token with the operator of the node.',
  ),
  admission_pending: entry(
    403,
    true,
    'The operator of the node has not let this component in yet.',
    'Read your fingerprint to the operator over the telephone; the component goes on asking.',
  ),
  component_left: entry(
    403,
    false,
    'This component has left the network.',
    'Start it again to come back: it is then the same component.',
  ),
  node_unreachable: entry(
    422,
    false,
    'The node can not be reached where it says it is.',
    'Set node.url to an address by which the other nodes reach it, and open the port between them.',
  ),
  worker_left: entry(
    424,
    false,
    'A component that had to do a part of the work left the network.',
    'Submit the plan again: it is then planned over those that are there.',
  ),
  forbidden: entry(403, false, 'This kind of component may not do that.', 'Use a component of the kind that the route names.'),
  not_found: entry(
    404,
    false,
    'There is nothing of that name here for you.',
    'Check the id, and that you are a member of the project.',
  ),
  project_disabled: entry(
    403,
    false,
    'The operator of the node has disabled this project.',
    'Ask the operator of the node; its results that are done can still be downloaded.',
  ),
  method_not_allowed: entry(405, false, 'The path exists, but not with this method.', 'See /openapi.json.'),
  stale_lease: entry(
    409,
    false,
    'The lease of this job has passed to somebody else or the job has ended.',
    'Drop the work; nothing was changed.',
  ),
  conflict: entry(409, false, 'The same thing was sent before with other content.', 'Fetch the present state first.'),
  payload_too_large: entry(
    413,
    false,
    'The body is larger than this node accepts.',
    'Send less, or have the operator raise the limit.',
  ),
  unsupported_media_type: entry(
    415,
    false,
    'The body is not of the media type that the route takes.',
    'Send sealed JSON, or a sealed resource where one is due.',
  ),
  invalid_artifact: entry(422, false, 'The plan can not work as it is written.', 'Mend the steps that the problem names.'),
  unsupported_operation: entry(
    422,
    false,
    'The plan asks for something that this version does not implement.',
    'Leave out the named part, or use a node that has it.',
  ),
  unknown_feature: entry(
    422,
    false,
    'The plan names a feature that not every data source has.',
    'Use the names that project.features lists.',
  ),
  unsuitable_feature: entry(
    422,
    false,
    'A feature is of a type that the operation can not use.',
    'Choose numeric features, or prepare the data.',
  ),
  no_workers: entry(
    422,
    false,
    'No data holder offers data to this project.',
    'Ask the data holders to add the project token to a data source and to start their clients.',
  ),
  too_few_classes: entry(
    422,
    false,
    'The label has fewer than two classes among all selected records.',
    'Check the label and the filter.',
  ),
  disclosure_refused: entry(
    422,
    false,
    'A data holder refused: too few records for its policy.',
    'Widen the filter; the data holder alone can change the policy.',
  ),
  datasource_unavailable: entry(
    424,
    true,
    'A data source could not be read at the site.',
    'The data holder must put the file in place; its log has the details.',
  ),
  malformed_datasource: entry(
    424,
    false,
    'A data source is not a well-formed table.',
    'The data holder must mend the file; its log names the line.',
  ),
  invalid_resource: entry(
    422,
    false,
    'A resource is damaged or not of the kind that was expected.',
    'Run the artifact again; if it repeats, update the component that made it.',
  ),
  quorum_not_met: entry(
    424,
    false,
    'Fewer data holders completed a step than its minWorkers asks for.',
    'Ask the data holders to start their clients, lower minWorkers, or raise timeoutS.',
  ),
  cancelled: entry(409, false, 'The artifact was cancelled.', 'Submit it again if its result is wanted after all.'),
  wait_timeout: entry(
    504,
    true,
    'The wait ended before the artifact did.',
    'Wait again: the artifact goes on at the node. Cancel it if it is not wanted any more.',
  ),
  task_timeout: entry(
    504,
    true,
    'The job ran longer than the data holder allows.',
    'Make the job smaller, or have the data holder raise execution.timeout.',
  ),
  out_of_memory: entry(
    507,
    false,
    'The job needed more memory than the data holder allows.',
    'Make the job smaller, or have the data holder raise execution.memory_mb.',
  ),
  worker_crashed: entry(
    500,
    true,
    'The process that ran the job ended unexpectedly.',
    'See the log of the component that ran it.',
  ),
  lease_expired: entry(
    504,
    true,
    'The component that ran the job stopped renewing its lease.',
    'Check that the client is running and reaches the node.',
  ),
  rate_limited: entry(429, true, 'Too many requests.', 'Wait as long as Retry-After says.'),
  internal_error: entry(500, false, 'Something went wrong that should not.', 'See the log of the component, by the request id.'),
  version_mismatch: entry(
    503,
    false,
    'The database belongs to another version of flotta.',
    'Run that version, or restore a backup that belongs to this one.',
  ),
  unavailable: entry(503, true, 'The node can not answer at the moment.', 'Try again after Retry-After.'),
  storage_full: entry(
    507,
    true,
    'There is no space left for resources.',
    'The operator must free disk space; nothing that was accepted is lost.',
  ),
} as const satisfies Record<string, ErrorCodeEntry>

export type ErrorCode = keyof typeof errorCodes

/** Whether a string is one of the codes of the table. */
export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(errorCodes, value)
}
