import { it } from 'vitest'
import { openStore } from '/work/main/packages/store/src/index.ts'
import * as f from '/work/main/packages/runtime/src/testing/store-fixtures.ts'
it('smoke', async () => {
  const store = await openStore({ database: { kind: 'memory' } })
  const scene = await f.newScene(store, 3)
  const p = await f.submit(scene)
  for (const s of scene.sites) await f.work(store, s)
  const j = await f.work(store, scene.node)
  console.log(j, await f.artifactOf(store, p), await f.eventsOf(store, p))
  const big = await f.newScene(store, 50)
  let t = performance.now()
  const pl = await f.submit(big, { steps: Array.from({length: 100}, () => big.sites) })
  console.log('create 5000', performance.now() - t)
  t = performance.now()
  let n = 0
  for (let r=0; r<5; r++) for (const s of big.sites) { await f.work(store, s); n++ }
  console.log('claim+complete each ms', (performance.now() - t) / n)
  await store[Symbol.asyncDispose]()
})
