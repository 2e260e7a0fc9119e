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

/** Made-up patients as CSV: missing blood pressures, towns as text, and an outcome that follows from age, pressure and town. */
export function patientsTable({
  rows,
  seed,
  towns,
  rareTown,
  shift = 0,
}: {
  readonly rows: number
  readonly seed: number
  /** Town of each patient, dealt at random. */
  readonly towns: readonly string[]
  /** Town of the first nine patients. */
  readonly rareTown?: string
  readonly shift?: number
}): string {
  const random = generator(seed)
  const lines = ['age,pressure,town,outcome']
  for (let i = 0; i < rows; i++) {
    const age = Math.floor(20 + shift + random() * 60)
    const pressure = 100 + 2 * shift + random() * 50
    const town = i < 9 && rareTown ? rareTown : towns[Math.floor(random() * towns.length)]!
    const risk = age / 60 + pressure / 150 + (town === 'Lugano' ? 0.5 : 0) + (random() - 0.5) * 0.2
    lines.push(`${age},${random() < 0.15 ? '' : pressure.toFixed(1)},${town},${risk > 1.9 ? 1 : 0}`)
  }
  return `${lines.join('\n')}\n`
}
