// The two databases that one model serves: what stands in front of `models.prisma` for each.
import { readFileSync } from 'node:fs'

const models = readFileSync(new URL('./models.prisma', import.meta.url), 'utf8')

export const dialects = ['sqlite', 'postgresql']

/** The whole Prisma schema of a dialect; `output` is where the client goes. */
export function schemaOf(dialect, output = `./${dialect}`) {
  return `generator client {
  provider            = "prisma-client"
  output              = ${JSON.stringify(output)}
  moduleFormat        = "esm"
  importFileExtension = "ts"
}

datasource db {
  provider = "${dialect}"
}

${models}`
}
