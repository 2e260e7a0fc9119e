import { adminRoutes } from './admin.ts'
import { clientRoutes } from './client.ts'
import { nodeRoutes } from './node.ts'
import { publicRoutes } from './public.ts'
import { relayRoutes } from './relay.ts'
import { resourceRoutes } from './resource.ts'
import { taskRoutes } from './task.ts'
import { workbenchRoutes } from './workbench.ts'

/** All routes by audience. */
export const routes = {
  public: publicRoutes,
  node: nodeRoutes,
  client: clientRoutes,
  relay: relayRoutes,
  task: taskRoutes,
  resource: resourceRoutes,
  workbench: workbenchRoutes,
  admin: adminRoutes,
} as const
