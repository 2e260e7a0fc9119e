import { defaultMissing } from '@flotta/contract'
import {
  choice,
  flag,
  list,
  named,
  optionalChoice,
  optionalText,
  requiredText,
  seconds,
  secrets,
  text,
  texts,
} from '../key/kinds.ts'
import { server } from './database.ts'

const DAY_S = 24 * 60 * 60

/** Tables that the process offers to projects. */
export const datasources = list('tables that the process offers to projects', {
  name: requiredText('name of a table', 100),
  kind: choice(['file', 'db'], { default: 'file', about: 'where the table is' }),
  type: choice(['csv', 'tsv', 'parquet', 'jsonl'], { default: 'csv', about: 'how the file is written' }),
  path: text({ default: '', about: 'path of the file' }),
  token: secrets('the projects that may use it: one token or a list'),
  publish: choice(['full', 'summary', 'schema'], { default: 'summary', about: 'what is told of it before any job' }),
  separator: choice([',', ';', '|'], { default: ',', about: 'what stands between the cells of a csv file' }),
  decimal: choice(['.', ','], { default: '.', about: 'decimal mark of a csv or tsv file' }),
  missing: texts({
    default: defaultMissing,
    about: 'texts of a csv or tsv file that stand for a missing value',
  }),
  schema: named('what its features are, where the data alone does not tell', {
    type: optionalChoice(
      ['integer', 'float', 'boolean', 'categorical', 'string', 'date', 'timestamp'],
      'type of the feature; empty: found in the data',
    ),
    unit: optionalText('unit of the feature, for people', 100),
    categories: texts({ default: [], about: 'all values that the feature may have; they are published' }),
  }),
  connection: {
    dialect: choice(['sqlite', 'postgresql'], { default: 'sqlite', about: 'kind of the database, for kind db' }),
    ...server,
    scheme: text({ default: 'public', about: 'schema of the table on a server' }, { min: 1, max: 63 }),
    tls: flag({ default: false, about: 'speak TLS with the server and check its certificate' }),
    refresh: seconds({ default: 600, about: 'seconds after which the table is read again, for postgresql' }, 1, 30 * DAY_S),
  },
  table: optionalText('name of the table or view, for kind db', 63),
})
