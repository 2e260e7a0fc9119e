import { z } from 'zod'
import { datasourceIdSchema, projectIdSchema } from '../ids.ts'
import { componentKindSchema, componentNameSchema, keyDocumentSchema, nodeUrlSchema } from './component.ts'
import { datasourceMetadataSchema } from './datasource.ts'
import { projectStateSchema } from './project.ts'

/** Grows with each change of a thing, over all nodes, so that a late message never undoes a newer one. */
const versionSchema = z.number().int().min(0)

/** A component as the nodes of a network tell each other of it, with all that it offers. */
export const memberSchema = z
  .strictObject({
    key: keyDocumentSchema,
    kind: componentKindSchema,
    name: componentNameSchema,
    url: nodeUrlSchema.nullable().meta({ description: 'Where a node is reached; null for others, whom nobody reaches.' }),
    state: z.enum(['active', 'left', 'blocked']),
    version: versionSchema,
    datasources: z
      .array(
        z.strictObject({
          id: datasourceIdSchema,
          metadata: datasourceMetadataSchema,
          projectIds: z.array(projectIdSchema).max(1000),
        }),
      )
      .max(1000),
  })
  .meta({ id: 'Member' })
export type Member = z.infer<typeof memberSchema>

/** A project as the nodes of a network share it: with it, each of them can check a proof of its token. */
export const sharedProjectSchema = z
  .strictObject({
    id: projectIdSchema,
    name: z.string().min(1).max(100),
    tokenId: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
    tokenVerifier: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
    state: projectStateSchema,
    version: versionSchema,
  })
  .meta({ id: 'SharedProject' })
export type SharedProject = z.infer<typeof sharedProjectSchema>

export const networkChangesRequestSchema = z
  .strictObject({
    after: z.number().int().min(0).meta({ description: 'The `revision` of the answer before; 0: everything.' }),
    waitS: z.number().min(0).max(60).meta({ description: 'How long the node may hold the request until something changes.' }),
  })
  .meta({ id: 'NetworkChangesRequest' })

/** What a node has to tell of its own members, of the nodes and of the projects that it knows, since a revision. */
export const networkChangesSchema = z
  .strictObject({
    revision: z.number().int().min(0),
    projects: z.array(sharedProjectSchema).max(10_000),
    members: z.array(memberSchema).max(1000),
  })
  .meta({ id: 'NetworkChanges' })
export type NetworkChanges = z.infer<typeof networkChangesSchema>

/** Another node, as a client has to know it: whom it asks for work through its own node, and to whom it seals. */
export const otherNodeSchema = z.strictObject({ name: componentNameSchema, key: keyDocumentSchema }).meta({ id: 'OtherNode' })
export type OtherNode = z.infer<typeof otherNodeSchema>

/** What a list of other nodes is known by: the same list has the same, at each process of a node. */
export const nodesDigestSchema = z.string().regex(/^([0-9a-f]{64})?$/)

/** The nodes of the network besides the one that is asked. */
export const otherNodesSchema = z
  .strictObject({
    digest: nodesDigestSchema.meta({ description: 'Made by the node; empty where there are none.' }),
    nodes: z.array(otherNodeSchema).max(1000),
  })
  .meta({ id: 'OtherNodes' })
export type OtherNodes = z.infer<typeof otherNodesSchema>
