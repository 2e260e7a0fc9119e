/** One covered component: its serialised identifier (`"@method"`, `"signature";req;key="sig1"`) and its value. */
export type Component = readonly [identifier: string, value: string]

/** The inner list of covered components with the signature's parameters (RFC 9421, section 2.3); `parameters` begins with `;`. */
export function signatureParams(identifiers: readonly string[], parameters: string): string {
  return `(${identifiers.join(' ')})${parameters}`
}

/** The exact text that is signed (RFC 9421, section 2.5). Values hold no line break: headers and targets are checked before. */
export function signatureBase(components: readonly Component[], parameters: string): string {
  const lines = components.map(([identifier, value]) => `${identifier}: ${value}\n`)
  const identifiers = components.map(([identifier]) => identifier)
  return `${lines.join('')}"@signature-params": ${signatureParams(identifiers, parameters)}`
}
