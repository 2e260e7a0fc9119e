import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Config, type DatasourceConfig, Secret } from '@flotta/config'
import { createToken } from '@flotta/crypto'

const ROWS = 600

/** A configuration that names neither data nor projects, with a project over made-up data and its token; any other one as it is. */
export function withDemo(config: Config): { readonly config: Config; readonly token?: string } {
  if (config.datasources.length > 0 || config.node.initialProjects.length > 0) return { config }
  const folder = join(config.workdir, 'demo')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, 'patients.csv')
  writeFileSync(path, madeUpPatients(ROWS))
  const token = createToken('project')
  const secret = new Secret(token)
  const datasource: DatasourceConfig = {
    kind: 'file',
    type: 'csv',
    name: 'patients',
    path,
    tokens: [secret],
    publish: 'summary',
    schema: [],
    separator: ',',
    decimal: '.',
    missing: [],
  }
  return {
    token,
    config: {
      ...config,
      datasources: [datasource],
      node: { ...config.node, initialProjects: [{ name: 'demo', token: secret }] },
    },
  }
}

/** Patients that never were: the same at each call, with missing values and a `hospitalised` that age, blood pressure and smoking explain in part. */
export function madeUpPatients(rows: number): string {
  const random = generator(1456)
  const lines = ['age,sex,systolic,bmi,smoker,hospitalised']
  for (let i = 0; i < rows; i++) {
    const age = 18 + Math.floor(72 * random())
    const smoker = random() < 0.25
    const bmi = 19 + 9 * (random() + random())
    const systolic = 100 + 0.45 * age + 0.6 * (bmi - 28) + 24 * (random() + random() - 1)
    const risk = (age - 55) / 18 + (systolic - 130) / 25 + (smoker ? 0.8 : 0) + 2 * (random() + random() - 1)
    const missing = random() < 0.06
    lines.push(
      [age, random() < 0.5 ? 'f' : 'm', Math.round(systolic), missing ? '' : bmi.toFixed(1), smoker, risk > 0.7 ? 1 : 0].join(
        ',',
      ),
    )
  }
  return `${lines.join('\n')}\n`
}

/** Numbers in [0, 1) by a linear congruential generator with the constants of Numerical Recipes: plenty for made-up data. */
function generator(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
