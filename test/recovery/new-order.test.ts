/** `kill -9` around the making of an order. */
import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { needs } from '../support/needs.ts'
import { until } from '../support/until.ts'
import { openWorld, stranger } from './process.ts'

const skip = needs.asterisk()

async function open(t: TestContext) {
  const world = await openWorld(t, { plugins: { venue: {} } })
  const folder = join(world.folder, 'plugins/venue')
  await mkdir(folder, { recursive: true })
  const source = pathToFileURL(join(import.meta.dirname, 'venue-plugin.ts')).href
  await writeFile(join(folder, 'plugin.ts'), `export { plugin } from '${source}'\n`)
  const { callbus, dispatch } = world
  await callbus.start()
  return {
    ...world,
    orders: () => [...dispatch.orders.values()].filter(({ phone }) => stranger.endsWith(phone.slice(-9))),
    asked: () => dispatch.requests.filter(({ method }) => method.startsWith('create_order')).length,
    async madeOnce() {
      await until(() => callbus.intents()[0]?.state === 'done', {
        what: 'the intent to be closed',
        within: 60_000,
      })
      const [order, ...others] = this.orders()
      assert.deepEqual(others, [])
      assert.deepEqual(
        callbus.intents().map(({ outcome }) => outcome),
        [String(order?.id)],
      )
    },
  }
}

test('killed before the order was made: after the restart there is one', { skip }, async (t) => {
  const world = await open(t)
  const { callbus, dispatch } = world
  const behave = dispatch.misbehave({ only: 'create_order2', delay: Number.POSITIVE_INFINITY })
  const caller = await world.ring(stranger)
  await until(() => world.asked() === 1, { what: 'the order to be asked for' })
  await callbus.kill()
  assert.deepEqual(world.orders(), [])
  behave()
  await callbus.start()
  await world.madeOnce()
  await caller.hangUp()
  await world.nothingIsLeft()
})

test('killed after the order was made and before its answer: there is still one', { skip }, async (t) => {
  const world = await open(t)
  const { callbus, dispatch } = world
  const behave = dispatch.misbehave({ only: 'create_order2', mute: true })
  const caller = await world.ring(stranger)
  await until(() => world.orders().length === 1, { what: 'the order' })
  await callbus.kill()
  behave()
  await callbus.start()
  await world.madeOnce()
  await caller.hangUp()
  await world.nothingIsLeft()
})
