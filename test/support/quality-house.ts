/** quality in a house of its own beside a dispatch program in memory; the clock is the test's. */
import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { TestContext } from 'node:test'
import type { Stage } from '#core/ports/dispatch.ts'
import type { Right } from '#core/users/rights.ts'
import { plugin } from '../../plugins/quality/plugin.ts'
import { personAt } from './person.ts'
import { startTestApp, type TestAppOptions } from './test-app.ts'
import { settled } from './test-clock.ts'
import { client, openTown, type Town } from './town.ts'
import { until } from './until.ts'

export const minute = 60_000
export const day = 24 * 60 * minute
export const everybody = { afterTrip: { share: 100 } }

export async function openQuality(
  t: TestContext,
  options: Partial<TestAppOptions> & { town?: Town; rights?: Right[] } = {},
) {
  const { town = openTown(), rights = ['phones.read'], dispatch, ...more } = options
  const app = await startTestApp(t, {
    plugin,
    ...more,
    dispatch: { ...town.dispatch, ...dispatch },
  })
  app.http.addHook('onRequest', async (request) => {
    Object.assign(request, { who: { user: { name: 'ann' }, rights: new Set(rights) } })
  })
  const { exchange } = app
  if (!options.exchange) exchange.phones.set(client, 'rings')
  /** How long each complaint is when it comes home; none has one that is lost. */
  let seconds: number | undefined = 12
  const take = exchange.port.takeRecording
  exchange.port.takeRecording = async (recording, file, signal) => {
    if (seconds === undefined) return await take(recording, file, signal)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, 'RIFF')
    return { seconds }
  }

  return {
    app,
    town,
    recordingsLast(each: number) {
      seconds = each
    },
    /** Files take their time, whatever the clock says. */
    async told(times: number) {
      await until(() => app.told.length >= times, { what: `${times} letters` })
      await settled()
      assert.equal(app.told.length, times)
      return app.told
    },
    async moves(stage: Stage, order = '7', phone = client) {
      town.stands(order, stage, { phoneToDial: phone, takenBy: ['101'] })
      app.bus.publish('order.stage-changed', { order, stage, stateName: stage })
      await settled()
    },
    /** Somebody has ridden, and the time to ask him has come. */
    async rides(order = '7', phone = client) {
      await this.moves('client_in_car', order, phone)
      await this.moves('done', order, phone)
      await app.clock.advance(5 * minute)
    },
    rung: () => app.factsNamed('call.placed').length,
    isRinging: () =>
      [...exchange.legs.values()].some((leg) => leg.direction === 'out' && !leg.isUp && !leg.ended),
    results: () => app.factsNamed('quality.client-called').map(({ data }) => data.result),
    marks: () =>
      app.factsNamed('quality.marked').map(({ data: { subject, who, mark } }) => [subject, who, mark]),
    async answers(phone = client) {
      const leg = exchange.pickUp(phone)
      await settled()
      assert.ok(leg, 'nobody is rung')
      return {
        ...personAt(leg, exchange),
        hearing: () => leg.playing?.media.map((each) => each.replace('quality.', '')),
      }
    },
    /** A caller who has come to complain and speaks. */
    async complains(from = client) {
      const caller = await app.ring({ from, to: '100' })
      await caller.presses('#')
      assert.deepEqual(caller.hearing(), ['quality.speak'])
      await caller.hears()
      return caller
    },
    async get<Answer>(path: string): Promise<Answer> {
      const answer = await app.http.inject(`/api/plugins/quality${path}`)
      assert.equal(answer.statusCode, 200, answer.body)
      return answer.json() as Answer
    },
  }
}
