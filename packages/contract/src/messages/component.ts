import { z } from 'zod'
import { componentIdSchema } from '../ids.ts'

/** The public half of a component: its keys, bound to each other by a signature. */
export const keyDocumentSchema = z
  .strictObject({
    id: componentIdSchema,
    signingKey: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
    sealingKey: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
    signature: z.string().regex(/^[A-Za-z0-9_-]{86}$/),
  })
  .meta({
    id: 'KeyDocument',
    description: 'Ed25519 signing key and X25519 sealing key (raw, base64url), the second signed by the first.',
  })
export type KeyDocument = z.infer<typeof keyDocumentSchema>

export const componentNameSchema = z.string().min(1).max(100).meta({ id: 'ComponentName' })
export const componentKindSchema = z.enum(['client', 'node', 'workbench']).meta({ id: 'ComponentKind' })
export type ComponentKind = z.infer<typeof componentKindSchema>

/** `pending`: waits for the operator; `blocked`: refused by him; `left`: went by itself, and may come back. */
export const componentStateSchema = z.enum(['active', 'pending', 'blocked', 'left']).meta({ id: 'ComponentState' })
export type ComponentState = z.infer<typeof componentStateSchema>
/** Where a node is reached: an http or https URL without user, query or fragment. */
export const nodeUrlSchema = z
  .string()
  .max(2000)
  .regex(/^https?:\/\/[^\s/?#@]+(?:\/[^\s?#]*)?$/)
  .meta({ id: 'NodeUrl' })

/** Shows knowledge of a project token without sending it. */
export const tokenProofSchema = z
  .strictObject({ tokenId: z.string().regex(/^[A-Za-z0-9_-]{43}$/), proof: z.string().regex(/^[A-Za-z0-9_-]{43}$/) })
  .meta({ id: 'TokenProof' })
export type TokenProof = z.infer<typeof tokenProofSchema>

/** What a node says of itself to anybody. */
export const nodeKeySchema = z
  .strictObject({
    name: componentNameSchema,
    mode: z.enum(['node', 'standalone']),
    protocol: z.number().int(),
    key: keyDocumentSchema,
  })
  .meta({ id: 'NodeKey' })
export type NodeKey = z.infer<typeof nodeKeySchema>
