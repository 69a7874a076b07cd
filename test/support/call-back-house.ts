/** A queue with one operator, a client who is called back, and what a test looks at. */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { plugin } from '../../plugins/queue/plugin.ts'
import type { QueueTables } from '../../plugins/queue/tables.ts'
import { startTestApp, type TestAppOptions } from './test-app.ts'
import { settled } from './test-clock.ts'

export const client = '+380671234567'
export const other = '+380501112233'
export const minute = 60_000

interface About {
  queue?: object
  settings?: object
  app?: Partial<TestAppOptions>
}

export async function openCallBackHouse(
  t: TestContext,
  { queue = {}, settings = {}, app: about = {} }: About = {},
) {
  const app = await startTestApp(t, {
    plugin,
    settings: {
      operators: [{ id: 'olena', extension: '101', isAlwaysHere: true }],
      queues: [{ name: 'operators', announcements: [], maximumWait: 7_200, ...queue }],
      keys: { 5: 'call-back' },
      ...settings,
    },
    ...about,
  })
  app.http.addHook('onRequest', async (request) => {
    Object.assign(request, { who: { user: { name: 'ann' }, rights: new Set(['phones.read']) } })
  })
  const { exchange, clock } = app
  for (const phone of ['101', client, other])
    if (!exchange.phones.has(phone)) exchange.phones.set(phone, 'rings')

  const ringing = () =>
    exchange
      .alive()
      .filter((leg) => leg.direction === 'out' && !leg.isUp)
      .map((leg) => leg.to)
      .sort()
  const database = app.database.withTables<QueueTables>()
  return {
    app,
    clock,
    exchange,
    ringing,
    async pickUp(phone: string) {
      const leg = exchange.pickUp(phone)
      await settled()
      assert.ok(leg, `${phone} does not ring`)
      return leg
    },
    /** The one operator talks to somebody. */
    async everybodyTalks(from = '+380931234567') {
      const talking = await app.ring({ from })
      await this.pickUp('101')
      return talking
    },
    /** Asks to be called back and hangs up. */
    async hangsUpKeepingHisPlace(from = client) {
      const caller = await app.ring({ from })
      await caller.presses('5')
      await caller.hangsUp()
      return caller
    },
    placed: () => app.factsNamed('call.placed').map(({ data }) => data.to),
    closed: () => app.factsNamed('queue.call-back-closed').map(({ data }) => data.result),
    rows: () => database.selectFrom('queue_call_backs').selectAll().execute(),
    tries: () => database.selectFrom('queue_call_back_tries').selectAll().orderBy('attempt').execute(),
    position: async () => {
      const [queue] = (await app.http.inject('/api/plugins/queue/queues')).json()
      return queue.waiting.map(({ entry }: { entry: string }) => entry)
    },
  }
}
export type CallBackHouse = Awaited<ReturnType<typeof openCallBackHouse>>
