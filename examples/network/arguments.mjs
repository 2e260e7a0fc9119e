// JavaScript, and with nothing but Node: the command line is read before anything is installed.
import { existsSync } from 'node:fs'
import { basename, extname, resolve } from 'node:path'
import { parseArgs } from 'node:util'

/**
 * A data holder of the quickstart: its name and its file.
 *
 * @typedef {{ readonly name: string, readonly file: string }} Site
 */

/**
 * @typedef {object} Arguments
 * @property {{ readonly sites: readonly Site[], readonly validation: string, readonly label: string } | undefined} data Absent: the
 * built-in data.
 * @property {number} trees
 * @property {boolean} json
 */

export const usage = `Usage: npm run quickstart -- [options]
  --data FILE          a CSV or TSV file of one site; once for each site
  --validation FILE    rows that no site holds
  --label COLUMN       what is predicted
  --trees N            trees that each site grows (50)
  --json               one JSON document as the last line of standard output
Without --data a public weather table is split into two sites.`

/** Why the command line can't be used; the message names the remedy. */
export class UsageError extends Error {}

/**
 * Reads the command line; undefined where it asks for help.
 *
 * @param {readonly string[]} argv
 * @param {string} cwd where relative names of files start
 * @returns {Arguments | undefined}
 * @throws {UsageError}
 */
export function parseCommandLine(argv, cwd) {
  const { data, validation, label, trees, json, help } = parse(argv)
  if (help) return undefined
  const count = Number(trees)
  if (!Number.isInteger(count) || count < 1 || count > 10_000)
    throw new UsageError(`--trees ${trees}: expected an integer from 1 to 10000`)
  if (data === undefined && validation === undefined && label === undefined) return { data: undefined, trees: count, json }
  if (data === undefined || validation === undefined || label === undefined) {
    throw new UsageError(
      '--data, --validation and --label go together: name the files of the sites, one of rows that no site holds, and the label',
    )
  }
  const files = data.map((file) => existing(resolve(cwd, file)))
  return { data: { sites: namedSites(files), validation: existing(resolve(cwd, validation)), label }, trees: count, json }
}

/** @param {readonly string[]} argv */
function parse(argv) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        data: { type: 'string', multiple: true },
        validation: { type: 'string' },
        label: { type: 'string' },
        trees: { type: 'string', default: '50' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

/** @param {string} file */
function existing(file) {
  if (!existsSync(file)) throw new UsageError(`there is no file ${file}`)
  return file
}

/**
 * Sites are named after their files; two of the same name get numbers.
 *
 * @param {readonly string[]} files
 * @returns {Site[]}
 */
function namedSites(files) {
  const names = files.map((file) => basename(file, extname(file)))
  return files.map((file, index) => {
    const name = basename(file, extname(file))
    return { file, name: names.indexOf(name) === names.lastIndexOf(name) ? name : `${name}-${index + 1}` }
  })
}
