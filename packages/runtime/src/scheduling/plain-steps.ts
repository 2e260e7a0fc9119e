import type { PlainStep, Step } from '@flotta/contract'

/** Every plain step of a plan once, at any depth, with its path. */
export function plainSteps(steps: readonly Step[], prefix = ''): { readonly step: PlainStep; readonly path: string }[] {
  return steps.flatMap((step, index) => {
    const path = `${prefix}steps[${index}]`
    return step.kind === 'Iterate' ? plainSteps(step.steps, `${path}.`) : [{ step, path }]
  })
}
