// The generator of the database client is no part of what runs it. As an optional peer, which pnpm fills in from whatever the
// workspace has, it would bring a compiler, a browser's studio and 250 MB into every deployed app.
const notAtRun = { '@prisma/client': ['prisma', 'typescript'] }

function readPackage(manifest) {
  for (const peer of notAtRun[manifest.name] ?? []) {
    delete manifest.peerDependencies?.[peer]
    delete manifest.peerDependenciesMeta?.[peer]
  }
  return manifest
}

module.exports = { hooks: { readPackage } }
