/**
 * All figures that the README quotes: medians of several runs, and ratios within one run where a peer is installed. `--quick`: a first
 * look; `--scale`: what takes minutes, instead of the others.
 */
import { benchDescribe } from './describe.ts'
import { forestInItsOwnProcess } from './forest.ts'
import { benchGrowth } from './growth.ts'
import { benchIdle } from './idle.ts'
import { benchJsonEndpoint } from './json-endpoint.ts'
import { benchMetadata } from './metadata.ts'
import { benchNetwork } from './network.ts'
import { benchQueries } from './queries.ts'
import { benchRecovery } from './recovery.ts'
import { benchRoundTrips } from './round-trips.ts'
import { benchRounds } from './rounds.ts'
import { benchSources } from './sources.ts'
import { benchStandalone } from './standalone.ts'
import type { Figure } from './statistics.ts'

const quick = process.argv.includes('--quick')
const scale = process.argv.includes('--scale')
const tell = (text: string) => process.stderr.write(`${text}\n`)

async function forest(): Promise<Figure[]> {
  const { fitMs, predictMs, sklearn, ratios, auc } = await forestInItsOwnProcess({ quick })
  const difference = auc.sklearn === null || auc.sklearn === undefined ? null : Math.abs(auc.flotta - auc.sklearn)
  const peer = sklearn === null ? null : ratios
  return [
    { name: 'forest of 100 trees on 9,288 × 8: fit', value: fitMs, unit: 'ms', target: '', holds: null },
    {
      name: '… times as fast as scikit-learn',
      value: peer?.fit ?? null,
      unit: '×',
      target: '≥ 4',
      holds: peer ? peer.fit >= 4 : null,
    },
    { name: '… predict', value: predictMs, unit: 'ms', target: '', holds: null },
    {
      name: '… times as fast as scikit-learn',
      value: peer?.predict ?? null,
      unit: '×',
      target: '≥ 2',
      holds: peer ? peer.predict >= 2 : null,
    },
    {
      name: '… ROC AUC, difference of means over the seeds',
      value: difference,
      unit: '',
      target: '≤ 0.002',
      holds: difference === null ? null : difference <= 0.002,
    },
  ]
}

const metadataSizes = [
  { rows: 1_000_000, target: 1.5 },
  { rows: 5_000_000, target: 2 },
]
const quickMetadata = { sizes: [{ rows: 200_000, target: 1.5 }], rounds: 1 }

const parts: [string, () => Promise<Figure[]>][] = [
  ['the start of a standalone network', () => benchStandalone({ runs: quick ? 3 : 7 })],
  ['the network', () => benchNetwork({ runs: quick ? 10 : 50 })],
  ['rounds without work', () => benchRounds({ rounds: quick ? 10 : 50 })],
  ['signed and sealed round trips', () => benchRoundTrips({ rounds: quick ? 3 : 7 })],
  ['a validated JSON endpoint', () => benchJsonEndpoint({ rounds: quick ? 2 : 5, seconds: quick ? 2 : 4 })],
  [
    'queries over a table',
    () =>
      benchQueries(
        quick ? { rows: 200_000, rounds: 1, largeRows: 500_000 } : { rows: 1_000_000, rounds: 5, largeRows: 5_000_000 },
      ),
  ],
  ['the metadata of a table', () => benchMetadata(quick ? quickMetadata : { sizes: metadataSizes, rounds: 3 })],
  ['tables of files and databases', () => benchSources(quick ? { rows: 100_000, rounds: 1 } : {})],
  ['a description over four sites', () => benchDescribe(quick ? { rows: 5_000, runs: 5 } : {})],
  ['the forest', forest],
]

/** What takes minutes, and thousands of clients. */
const scaleParts: typeof parts = [
  ['the growth of a round', () => benchGrowth()],
  ['the recovery of a killed node', () => benchRecovery()],
  ['thousands of idle clients', () => benchIdle()],
]

const figures: Figure[] = []
for (const [name, part] of scale ? scaleParts : parts) {
  tell(`Measuring ${name} …`)
  figures.push(...(await part()))
}
tell('')
for (const { name, value, unit, target, holds } of figures) {
  const shown = value === null ? 'no peer here' : `${value >= 100 ? value.toFixed(0) : value.toPrecision(3)} ${unit}`
  const verdict = target === '' ? '' : `${target} ${holds === null ? '' : holds ? 'holds' : 'MISSED'}`
  tell(`${name.padEnd(56)} ${shown.padStart(18)}   ${verdict}`)
}
process.stdout.write(`${JSON.stringify({ node: process.version, figures })}\n`)
