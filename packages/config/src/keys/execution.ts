import { choice, integer, seconds, secretUrl } from '../key/kinds.ts'
import { DAY_S } from './durations.ts'

/** How jobs run. */
export const execution = {
  workers: integer({ default: 2, about: 'jobs that run at once' }, 1, 1024),
  memory_mb: integer({ default: 1024, about: 'most memory of one job' }, 64, 1_048_576),
  timeout: seconds({ default: 3600, about: 'longest run of one job, in seconds' }, 1, 30 * DAY_S),
  engine: choice(['local', 'bullmq'], { default: 'local', about: 'where they run: in this process, or through a queue' }),
  queue: {
    kind: choice(['postgresql', 'redis'], { default: 'postgresql', about: 'kind of the queue, for engine bullmq' }),
    url: secretUrl(['postgresql', 'postgres', 'redis', 'rediss'], 'URL of the queue; empty with postgresql: the database'),
  },
} as const
