/** status-callback in a house of its own beside a dispatch program in memory; the clock is the test's. */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { FactData } from '#core/call-bus/events.ts'
import type { Plugin } from '#core/plugin.ts'
import type { Dispatch, Order, Stage } from '#core/ports/dispatch.ts'
import type { PhoneScript } from '#core/ports/scripted-exchange.ts'
import { plugin } from '../../plugins/status-callback/plugin.ts'
import { personAt } from './person.ts'
import { startTestApp } from './test-app.ts'
import { settled } from './test-clock.ts'
import { client, openTown } from './town.ts'

export interface CalledTownOptions {
  settings?: object
  outgoingAtMost?: number
  beside?: Plugin[]
  dispatch?: Partial<Dispatch>
  /** Of an earlier life, so many milliseconds later. */
  folder?: string
  after?: number
}

export async function openCalledTown(t: Pick<TestContext, 'after'>, options: CalledTownOptions = {}) {
  const town = openTown()
  const app = await startTestApp(t as TestContext, {
    plugin,
    settings: options.settings ?? {},
    dispatch: { ...town.dispatch, ...options.dispatch },
    ...(options.beside && { beside: options.beside }),
    ...(options.folder && { folder: options.folder }),
    ...(options.after && { after: options.after }),
    ...(options.outgoingAtMost && { outgoingAtMost: options.outgoingAtMost }),
  })
  app.http.addHook('onRequest', async (request) => {
    Object.assign(request, { who: { user: { name: 'ann' } } })
  })
  const { exchange } = app
  exchange.phones.set(client, 'rings')

  /** The fact alone; how the order really stands is the town's. */
  async function tells(stage: Stage, order = '7', stateName: string = stage) {
    app.bus.publish('order.stage-changed', { order, stage, stateName })
    await settled()
  }
  const clientsLegs = (phone: string) => [...exchange.legs.values()].filter(({ to }) => to === phone)

  return {
    app,
    town,
    tells,
    async moves(stage: Stage, more: Partial<Order> = {}, order = '7') {
      town.stands(order, stage, more)
      await tells(stage, order, town.orders.get(order)?.state.name)
    },
    async asks(more: Partial<FactData<'callback.requested'>> = {}) {
      const fact = {
        request: 'one',
        phone: client,
        order: '7',
        script: 'car_at_place',
        action: 'arrived',
        parameters: [],
      }
      app.bus.publish('callback.requested', { ...fact, ...more })
      await settled()
    },
    /** How often a phone was rung, answered or not. */
    rung: () => app.factsNamed('call.placed').length,
    placed: () => app.factsNamed('call.placed').map(({ data }) => data),
    isRinging: (phone = client) => clientsLegs(phone).some(({ isUp, ended }) => !isUp && ended === undefined),
    told: () => app.factsNamed('order.client-called').map(({ data }) => data),
    results: () => app.factsNamed('order.client-called').map(({ data }) => data.result),
    progress: () => town.reports.map(({ progress }) => progress),
    becomes: (behaviour: PhoneScript, phone = client) => void exchange.phones.set(phone, behaviour),

    async answers(phone = client) {
      const leg = exchange.pickUp(phone)
      await settled()
      assert.ok(leg, 'nobody is rung')
      return {
        ...personAt(leg, exchange),
        hearing: () => leg.playing?.media.map((each) => each.replace('status-callback.', '')),
        /** To the end, pressing nothing. */
        async hears() {
          while (leg.playing) {
            leg.playing.finish()
            await settled()
            await app.clock.advance(4_000)
          }
          return leg.heard
        },
      }
    },
  }
}
