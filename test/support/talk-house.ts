/** A client who talks with the phone 101, in a house with the plugin `talk-control`. */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { definePlugin, Type } from '#core/plugin.ts'
import type { CallerCard, Order } from '#core/ports/dispatch.ts'
import { plugin } from '../../plugins/talk-control/plugin.ts'
import { startTestApp, type TestAppOptions } from './test-app.ts'
import { settled } from './test-clock.ts'

export const client = '+380671234567'
export const driver = '+380501112233'
const order: Order = {
  id: '77',
  stage: 'driver_on_way',
  state: { id: '7', name: 'Водитель принял' },
  driverPhone: driver,
}
const card: CallerCard = { kind: 'client', category: 'normal', orders: 1, order }

export type TalkHouseOptions = Partial<TestAppOptions>

/** A line whose callers talk with the phone 101. */
const desk = definePlugin({
  name: 'desk',
  about: 'Gives each caller to the phone 101.',
  settings: Type.Object({}, { default: {} }),
  start({ reception }) {
    reception.screen(() => ({
      because: 'everybody talks with 101',
      async talk(caller) {
        const partner = await caller.reach({ phones: ['101'], ringFor: 20, show: 'caller' })
        if (partner) await caller.talkTo(partner)
      },
    }))
  },
})

export async function open(t: TestContext, more: TalkHouseOptions = {}) {
  const app = await startTestApp(t, {
    plugin,
    beside: [desk],
    settings: { phones: { olena: '101', boss: '105' } },
    dispatch: { identify: async () => card, findOrder: async () => order },
    ...more,
  })
  const { exchange } = app
  for (const phone of ['101', '102', '105', driver]) exchange.phones.set(phone, 'answers')
  const asked = { by: 'olena', rights: new Set(['talks.control']) }
  app.http.addHook('onRequest', async (request) => {
    Object.assign(request, { who: { user: { name: asked.by }, rights: asked.rights } })
  })
  const phone = (to: string) => exchange.alive().findLast((leg) => leg.to === to && leg.direction === 'out')
  async function ask(method: 'GET' | 'POST', path: string, body: object = {}) {
    const answer = await app.http.inject({
      method,
      url: `/api/plugins/talk-control${path}`,
      ...(method === 'POST' && { payload: body }),
    })
    await settled()
    return { code: answer.statusCode, ...(answer.body && answer.json()) }
  }
  return { ...app, app, asked, phone, ask }
}

export async function talking(t: TestContext, more: TalkHouseOptions = {}) {
  const house = await open(t, more)
  const caller = await house.ring({ from: client })
  await settled()
  const [call] = house.calls.live()
  assert.ok(call && caller.leg.talk)
  const post = (verb: string, body?: object) => house.ask('POST', `/talks/${call.id}/${verb}`, body)
  return { ...house, caller, call, post }
}

export const asBoss = (house: { asked: { by: string; rights: Set<string> } }) => {
  house.asked.by = 'boss'
  house.asked.rights.add('talks.supervise')
}
