import { FlottaError, issuesOf, issuesText } from '@flotta/contract'

interface PartSchema<Part> {
  safeParse(
    part: unknown,
  ): { readonly success: true; readonly data: Part } | { readonly success: false; readonly error: Parameters<typeof issuesOf>[0] }
}

/**
 * A part of a plan as its schema has it, defaults filled in: what a node would refuse is refused where it is written.
 *
 * @throws {FlottaError} `malformed_request` naming the option that makes no sense
 */
export function checkedPart<Part>(schema: PartSchema<Part>, part: { readonly kind: string }): Part {
  const parsed = schema.safeParse(part)
  if (parsed.success) return parsed.data
  const issues = issuesOf(parsed.error, part.kind)
  throw new FlottaError('malformed_request', issuesText(issues), { issues })
}
