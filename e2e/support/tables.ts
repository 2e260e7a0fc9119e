/** A small table as CSV: `rows` records of a seeded, learnable problem; `shift` makes sites differ. */
export function madeUpTable({
  rows,
  shift = 0,
  seed = 1,
}: {
  readonly rows: number
  readonly shift?: number
  readonly seed?: number
}): string {
  const random = generator(seed)
  const lines = ['age,weight,group,outcome']
  for (let i = 0; i < rows; i++) {
    const age = Math.floor(20 + shift + random() * 60)
    const weight = random() < 0.15 ? '' : (50 + random() * 50).toFixed(1)
    const outcome = age + (random() - 0.5) * 20 > 55 ? 1 : 0
    lines.push(`${age},${weight},${random() < 0.5 ? 'a' : 'b'},${outcome}`)
  }
  return `${lines.join('\n')}\n`
}

/** Numbers in [0, 1) by a linear congruential generator: plenty for test data. */
function generator(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
