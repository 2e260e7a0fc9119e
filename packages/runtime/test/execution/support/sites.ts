import { mkdtempSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Estimator, JobOperation, Levels, Query } from '@flotta/contract'
import { TableCache } from '../../../src/data/table-cache.ts'
import { readProduct } from '../../../src/execution/held-product.ts'
import { mergeSummaries } from '../../../src/execution/merge-summaries.ts'
import { describeProduct } from '../../../src/execution/product.ts'
import { runTask } from '../../../src/execution/run-task.ts'
import type { DatasourceSource } from '../../../src/ports/datasource-source.ts'
import type { HeldProduct, ReleasePolicy } from '../../../src/ports/task-executor.ts'

export const query: Query = { kind: 'Query', stages: [] }

/** Tables of sites, and jobs over them from products to products, without a network between. */
export class Sites implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'flotta-sites-'))
  readonly #tables = new TableCache()
  readonly #policy: ReleasePolicy
  #files = 0

  constructor(policy: ReleasePolicy) {
    this.#policy = policy
  }

  async table(name: string, csv: string): Promise<DatasourceSource> {
    const path = join(this.#folder, `${name}.csv`)
    await writeFile(path, csv)
    return { kind: 'file', format: 'csv', name, path }
  }

  /** What one job makes; a failure is thrown with its code. */
  async run(
    operation: JobOperation,
    at: DatasourceSource,
    inputs: readonly HeldProduct[] = [],
    used: readonly HeldProduct[] = [],
  ): Promise<HeldProduct> {
    const outputPath = join(this.#folder, `product-${this.#files++}`)
    const request = { operation, datasources: [at], inputs, used, outputPath, policy: this.#policy, until: undefined }
    const outcome = await runTask(request, this.#tables)
    if (outcome.kind === 'failed') throw Object.assign(new Error(outcome.failure.message), { code: outcome.failure.code })
    return outcome.product ?? outputPath
  }

  /** What is released when each site hands over its summary. */
  async summarised(estimator: Estimator, at: readonly DatasourceSource[]) {
    return released(await Promise.all(at.map((site) => this.run({ kind: 'Estimate', estimator, query }, site))))
  }

  /** A sum once round: the products as they travelled, and the summary that came out. */
  async summed(estimator: Estimator, at: readonly DatasourceSource[], levels: Levels) {
    const { mask, add, unmask } = partsOf(estimator, levels)
    const made = await this.run(mask, at[0]!)
    const travelled = [made]
    for (const site of at) travelled.push(await this.run(add, site, [travelled.at(-1)!]))
    return { travelled, summary: await this.run(unmask, at[0]!, [travelled.at(-1)!], [made]) }
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

export function partsOf(estimator: Estimator, levels: Levels) {
  const of = (part: 'mask' | 'add' | 'unmask') => ({ kind: 'SecureSum' as const, part, estimator, query, levels })
  return { mask: of('mask'), add: of('add'), unmask: of('unmask') }
}

/** The value of these summaries together. */
export async function released(summaries: readonly HeldProduct[]) {
  return mergeSummaries(await Promise.all(summaries.map(async (held) => describeProduct(await readProduct(held)).description)))
}
