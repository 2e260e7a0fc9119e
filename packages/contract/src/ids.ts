import { z } from 'zod'

/** Ids are made by components, never chosen by people: a typed prefix and 26 characters of base32 (128 bits or more). */
function idSchema<const Prefix extends string>(prefix: Prefix, title: string) {
  return z
    .string()
    .regex(new RegExp(`^${prefix}_[a-z2-7]{26}$`), `expected an id of the form ${prefix}_ and 26 characters`)
    .meta({ id: title, description: `Id of the form ${prefix}_ and 26 characters of base32.` })
    .brand<Prefix>()
}

export const componentIdSchema = idSchema('cmp', 'ComponentId')
export const projectIdSchema = idSchema('prj', 'ProjectId')
export const datasourceIdSchema = idSchema('dat', 'DatasourceId')
export const artifactIdSchema = idSchema('art', 'ArtifactId')
export const jobIdSchema = idSchema('job', 'JobId')
export const resourceIdSchema = idSchema('res', 'ResourceId')

export type ComponentId = z.infer<typeof componentIdSchema>
export type ProjectId = z.infer<typeof projectIdSchema>
export type DatasourceId = z.infer<typeof datasourceIdSchema>
export type ArtifactId = z.infer<typeof artifactIdSchema>
export type JobId = z.infer<typeof jobIdSchema>
export type ResourceId = z.infer<typeof resourceIdSchema>

/** The type of an id by its prefix. */
export interface IdOf {
  cmp: ComponentId
  prj: ProjectId
  dat: DatasourceId
  art: ArtifactId
  job: JobId
  res: ResourceId
}

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567'

/**
 * A fresh id from 26 random bytes, of which each gives five bits.
 *
 * @throws {RangeError} when fewer than 26 bytes are given
 */
export function makeId<Prefix extends keyof IdOf>(prefix: Prefix, randomBytes: Uint8Array): IdOf[Prefix] {
  if (randomBytes.length < 26) throw new RangeError('an id needs 26 random bytes')
  let id = `${prefix}_`
  for (let i = 0; i < 26; i++) id += BASE32[randomBytes[i]! & 31]
  return id as IdOf[Prefix]
}
