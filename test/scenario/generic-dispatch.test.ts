/** A company whose dispatch program is nobody's we know: asked in JSON, telling at the dispatch door. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { pino } from 'pino'
import { startApp } from '#core/app.ts'
import type { Stamped } from '#core/call-bus/events.ts'
import { realClock } from '#core/clock.ts'
import { definePlugin, Type } from '#core/plugin.ts'
import { checkSettings, Settings } from '#core/settings.ts'
import { startAriSimulator } from '../../adapters/asterisk/simulator/simulator.ts'
import { settingsFor } from '../../adapters/generic-dispatch/simulator/simulate.ts'
import { startDispatchSimulator } from '../../adapters/generic-dispatch/simulator/simulator.ts'
import { plugin as dispatchDoor } from '../../plugins/dispatch-door/plugin.ts'
import { plugin as operators } from '../../plugins/operators/plugin.ts'
import { plugin as orderStatus } from '../../plugins/order-status/plugin.ts'
import { until } from '../support/until.ts'

const client = '+380670000001'
const log = pino({ level: process.env.LOG ?? 'silent' })

async function openWorld() {
  await using opening = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'callbus-generic-'))
  opening.defer(() => rm(folder, { recursive: true, force: true }))
  const exchange = opening.use(await startAriSimulator({ clock: realClock, log }))
  const program = await startDispatchSimulator()
  opening.defer(() => program.stop())
  const cleanup = opening.move()

  /** One life of Callbus; exchange, program and database outlive it. */
  async function live() {
    const facts: Stamped[] = []
    const witness = definePlugin({
      name: 'witness',
      about: 'Keeps every fact for the test.',
      settings: Type.Object({}, { default: {} }),
      start: ({ bus }) => void bus.onAny((fact) => void facts.push(fact)),
    })
    const { url, user: username, password } = exchange
    const settings = {
      http: { port: 0 },
      mqtt: { port: 0 },
      calls: { stopPatience: 0 },
      voice: { engines: ['silent'] },
      adapters: {
        asterisk: { url: `${url}/ari`, username, password },
        'generic-dispatch': settingsFor(program),
      },
    }
    const app = await startApp({
      settings: checkSettings(Settings, settings, ''),
      folder,
      log,
      plugins: [witness, orderStatus, operators, dispatchDoor],
    })
    const token = await tokenOf(await app.signInLink(), app.address)
    const fact = <Name extends Stamped['name']>(name: Name) =>
      until(() => facts.find((each): each is Extract<Stamped, { name: Name }> => each.name === name), {
        what: `the fact ${name}`,
      })
    await until(
      () =>
        facts.some(
          ({ name, data }) =>
            name === 'connection.changed' && data.neighbour === 'exchange' && data.state === 'connected',
        ),
      { what: 'the exchange to be connected' },
    )

    async function tell(path: string, body: object, key: string) {
      const answer = await fetch(`${app.address}/api/dispatch/v1${path}`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          'idempotency-key': key,
        },
        body: JSON.stringify(body),
      })
      return { status: answer.status, ...((await answer.json()) as { outcome?: string; isRepeat?: boolean }) }
    }
    return { facts, fact, tell, [Symbol.asyncDispose]: () => app.stop() }
  }

  return { exchange, program, live, [Symbol.asyncDispose]: () => cleanup.disposeAsync() }
}

async function tokenOf(link: string, address: string): Promise<string> {
  const welcome = await fetch(link, { redirect: 'manual' })
  const made = await fetch(`${address}/api/v1/tokens`, {
    method: 'POST',
    headers: {
      cookie: welcome.headers.getSetCookie()[0]?.split(';')[0] ?? '',
      'content-type': 'application/json',
    },
    body: JSON.stringify({ name: 'program', rights: ['dispatch.tell', 'calls.read'] }),
  })
  return ((await made.json()) as { secret: string }).secret
}

test('a client of a program nobody knew hears where his taxi is, and cancels by two keys', async () => {
  await using world = await openWorld()
  await using house = await world.live()
  const order = world.program.place(client, 'driver_on_way', { minutes: 5 })

  const caller = world.exchange.ring({ from: client, to: '+380443334455' })
  const hearing = () => until(() => world.exchange.alive().playbacks.length > 0, { what: 'a sentence' })
  await hearing()
  caller.press('0')
  await house.fact('call.told')
  await hearing()
  caller.press('0')
  await caller.until('ended')

  const told = house.facts.flatMap((fact) => (fact.name === 'call.told' ? fact.data.saying : []))
  assert.ok(told.includes('order-status.carComing'), told.join())
  assert.equal((await house.fact('call.identified')).data.order, order.id)
  assert.equal(world.program.cancellations(order.id), 1)
})

test('what the program says at the door is known again after a restart', async () => {
  await using world = await openWorld()
  const order = world.program.place(client, 'assigned')
  const wish = { phone: client, order: order.id, action: 'arrived' }
  {
    await using house = await world.live()
    const keyOf = (stage: string, at: number) => `${order.id}-${stage}-${at}`
    const telling: Promise<{ status: number }>[] = []
    world.program.onMove(({ id, stage }, at) => {
      for (const _ of [1, 2]) telling.push(house.tell(`/orders/${id}/stage`, { stage, at }, keyOf(stage, at)))
    })
    world.program.move(order, 'arrived')
    assert.deepEqual(
      (await Promise.all(telling)).map(({ status }) => status),
      [202, 202],
    )
    assert.equal(house.facts.filter(({ name }) => name === 'order.stage-changed').length, 1)
    assert.equal((await house.tell('/call-backs', wish, 'call-1')).isRepeat, false)
  }
  await using house = await world.live()
  const again = await house.tell('/call-backs', wish, 'call-1')
  assert.deepEqual([again.status, again.isRepeat], [202, true])
  assert.equal(
    (await house.tell(`/orders/${order.id}/stage`, { stage: 'arrived' }, 'other')).outcome,
    'known',
  )
  assert.ok(!house.facts.some(({ name }) => name === 'callback.requested' || name === 'order.stage-changed'))
})
