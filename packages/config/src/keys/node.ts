import {
  choice,
  flag,
  hostOrUrl,
  integer,
  list,
  optionalText,
  requiredSecret,
  requiredText,
  seconds,
  text,
} from '../key/kinds.ts'
import { DAY_S } from './durations.ts'

/** What the process is to others, and how they reach it. */
export const node = {
  name: text({ default: '', about: 'what others call it; empty: flottaNode or flottaClient' }, { max: 100 }),
  healthcheck: seconds({ default: 3600, about: 'seconds between self checks' }, 1, 365 * DAY_S),
  heartbeat: seconds(
    { default: 10, about: 'seconds within which a client hears from its node and looks at its tables' },
    0.1,
    60,
  ),
  lease: seconds({ default: 30, about: 'seconds after which the job of somebody who is silent is given out again' }, 1, 3600),
  max_attempts: integer({ default: 3, about: 'how often a job is tried that fails for reasons that may pass' }, 1, 100),
  allow_resource_download: flag({ default: true, about: 'false: nobody downloads resources from this node' }),
  protocol: choice(['http', 'https'], { default: 'http', about: 'how the port speaks' }),
  interface: text({ default: '', about: 'address to listen on; empty: 0.0.0.0 in mode node, else localhost' }),
  url: hostOrUrl('external host name or URL; empty: derived'),
  port: integer({ default: 1456, about: 'port of the API; 0: any free one' }, 0, 65_535),
  tls: {
    certificate: optionalText('file with the certificate chain (PEM), for protocol https'),
    key: optionalText('file with its private key (PEM)'),
  },
  admission: choice(['project-token', 'enrolment-token', 'approval'], {
    default: 'project-token',
    about: 'how others are admitted',
  }),
  token_projects_initial: list('projects that exist when the node starts', {
    name: requiredText('name of a project', 100),
    token: requiredSecret('its token, unique per project'),
  }),
} as const
