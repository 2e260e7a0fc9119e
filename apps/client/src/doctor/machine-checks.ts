import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Config, DatasourceConfig } from '@flotta/config'
import { fingerprint, openIdentity } from '@flotta/crypto'
import { exitCodes } from '../exit-codes.ts'
import type { Check } from './check.ts'

/** Whether the keys of a component can be used; none are made. */
export function keyCheck({ workdir, exchange: { signingKeyFile } }: Config): Check {
  const folder = join(workdir, 'keys')
  return {
    name: 'key',
    exitCode: exitCodes.configuration,
    skip: existsSync(join(folder, 'component.key')) ? undefined : 'there is none yet: it is made at the first start',
    run: () => `its fingerprint is ${fingerprint(openIdentity(folder, { signingKeyFile }).document)}`,
  }
}

/** Whether there is space for what is stored, where it is stored. */
export function diskCheck({ workdir, storage: { minimumFreeMb } }: Config): Check {
  return {
    name: 'disk',
    exitCode: exitCodes.unavailable,
    run: () => {
      const folder = existing(workdir)
      requireWritable(folder)
      const { bavail, bsize } = statfsSync(folder)
      const freeMb = Math.floor((bavail * bsize) / 1024 ** 2)
      if (freeMb < minimumFreeMb)
        throw new Error(`${freeMb} MB are free, fewer than storage.minimum_free_mb (${minimumFreeMb}); make space in ${folder}`)
      return `${freeMb} MB are free in ${folder}`
    },
  }
}

/** Whether the file of each data source can be read. What is in it tells the log of the client, with file and line. */
export function datasourceChecks({ datasources }: Config): Check[] {
  return datasources.map((datasource) => ({
    name: `data source ${datasource.name}`,
    exitCode: exitCodes.configuration,
    skip: fileOf(datasource) === undefined ? 'it is on a server, which the start asks' : undefined,
    run: () => {
      const file = fileOf(datasource) ?? ''
      if (!existsSync(file)) throw new Error(`${file} is not there; correct the path in the configuration`)
      accessSync(file, constants.R_OK)
      return `${file} can be read`
    },
  }))
}

function fileOf(datasource: DatasourceConfig): string | undefined {
  if (datasource.kind === 'file') return datasource.path
  return datasource.connection.kind === 'sqlite' ? datasource.connection.file : undefined
}

function requireWritable(folder: string): void {
  if (!statSync(folder).isDirectory()) throw new Error(`${folder} is no folder; correct workdir in the configuration`)
  try {
    accessSync(folder, constants.W_OK)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new Error(`${folder} can not be written by this user (${code}); give it the folder, or another workdir`)
  }
}

function existing(folder: string): string {
  return existsSync(folder) ? folder : existing(dirname(folder))
}
