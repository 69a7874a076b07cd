import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { Order, Stage } from '#core/ports/dispatch.ts'
import { client, openTown } from '../../test/support/orders-of-a-town.ts'
import { startTestApp } from '../../test/support/test-app.ts'
import { settled } from '../../test/support/test-clock.ts'
import { plugin } from './plugin.ts'

async function open(t: TestContext, settings: object = {}) {
  const town = openTown()
  const app = await startTestApp(t, { plugin, settings, dispatch: town.dispatch })
  app.exchange.phones.set(client, 'rings')

  async function tells(order: string, stage: Stage) {
    app.bus.publish('order.stage-changed', { order, stage, stateName: stage })
    await settled()
  }
  return {
    app,
    town,
    tells,
    async moves(stage: Stage, more: Partial<Order> = {}, order = '7') {
      town.stands(order, stage, more)
      await tells(order, stage)
    },
    rings: () => [...app.exchange.legs.values()].filter(({ to }) => to === client).length,
    isRinging: () => app.exchange.alive().some(({ to, isUp }) => to === client && !isUp),
    results: () => app.factsNamed('order.client-called').map(({ data }) => data.result),
    async answers() {
      const leg = app.exchange.pickUp(client)
      await settled()
      assert.ok(leg, 'nobody is rung')
      return {
        leg,
        async hears() {
          while (leg.playing) {
            leg.playing.finish()
            await settled()
            await app.clock.advance(4_000)
          }
          return leg.heard
        },
        async presses(key: string) {
          app.exchange.press(leg, key)
          await settled()
        },
        async hangsUp() {
          app.exchange.hangUp(leg)
          await settled()
        },
      }
    },
    async refuses(outcome: 'busy' | 'no-answer' | 'unreachable' | 'invalid' | 'failed') {
      app.exchange.phones.set(client, outcome)
    },
  }
}

test('whose car has arrived is rung, hears it twice, and the dispatch program learns it', async (t) => {
  const house = await open(t)
  await house.moves('arrived')
  const him = await house.answers()
  assert.deepEqual(him.leg.playing?.media, [
    'status-callback.greeting',
    'status-callback.arrived',
    'status-callback.keys',
  ])
  const heard = await him.hears()
  assert.equal(heard.filter((each) => each === 'status-callback.arrived').length, 2)
  assert.equal(him.leg.ended, 'normal')
  assert.deepEqual(house.results(), ['reached_heard'])
  assert.deepEqual(
    house.town.reports.map(({ progress }) => progress),
    ['started', 'delivered'],
  )
})
