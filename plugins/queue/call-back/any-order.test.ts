/** Clients, operators, deaths and time in any order: nobody is forgotten, nobody is rung twice at once or after the end. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { startTestApp } from '../../../test/support/test-app.ts'
import { settled } from '../../../test/support/test-clock.ts'
import { plugin } from '../plugin.ts'
import type { QueueTables } from '../tables.ts'

const client = '+380671234567'
const settings = {
  operators: [{ id: 'olena', extension: '101', isAlwaysHere: true }],
  queues: [{ name: 'operators', announcements: [], maximumWait: 7_200 }],
  keys: { 5: 'call-back' },
  callBack: { keepFor: 15, pauses: [60, 120] },
}
const anyStep = fc.oneof(
  { weight: 3, arbitrary: fc.constant('he asks to be called back') },
  { weight: 1, arbitrary: fc.constant('he rings') },
  { weight: 2, arbitrary: fc.constant('somebody else rings') },
  { weight: 4, arbitrary: fc.constant('the operator answers') },
  { weight: 4, arbitrary: fc.constant('he answers') },
  { weight: 3, arbitrary: fc.constant('all talks end') },
  { weight: 2, arbitrary: fc.constant('all callers hang up') },
  { weight: 2, arbitrary: fc.constantFrom('his phone is busy', 'his phone rings') },
  { weight: 1, arbitrary: fc.constant('a person stops it') },
  { weight: 1, arbitrary: fc.constant('the house is opened anew') },
  { weight: 4, arbitrary: fc.constantFrom(5, 15, 30, 70, 150) },
)

function asAnn(app: Awaited<ReturnType<typeof startTestApp>>) {
  app.http.addHook('onRequest', async (request) => {
    Object.assign(request, { who: { user: { name: 'ann' }, rights: new Set() } })
  })
  return app
}

test('whatever happens, a call-back is rung by one call at a time, ends once, and lets the operator go', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { minLength: 5, maxLength: 30 }), async (steps) => {
      await using cleanup = new AsyncDisposableStack()
      const folder = await mkdtemp(join(tmpdir(), 'callbus-any-order-'))
      cleanup.defer(() => rm(folder, { recursive: true, force: true }))
      const t = { after: (work: () => Promise<void>) => void cleanup.defer(work) }
      let app = asAnn(await startTestApp(t, { plugin, settings, folder }))
      const { exchange, clock } = app
      exchange.phones.set('101', 'rings').set(client, 'rings')
      const ends: string[] = []

      const up = () => exchange.alive().filter(({ direction }) => direction === 'in')
      const hangUp = async (isMeant: (talks: boolean) => boolean) => {
        for (const leg of exchange.alive())
          if ((leg.direction === 'in' || leg.to === client) && leg.isUp && isMeant(leg.talk !== undefined))
            exchange.hangUp(leg)
        await settled()
      }
      async function take(step: string | number) {
        if (typeof step === 'number') return await clock.advance(step * 1_000)
        switch (step) {
          case 'he asks to be called back': {
            if (up().some(({ from }) => from === client)) return
            const caller = await app.ring({ from: client })
            await caller.presses('5')
            return await caller.hangsUp()
          }
          case 'he rings':
            return void (await app.ring({ from: client }))
          case 'somebody else rings':
            return void (await app.ring())
          case 'the operator answers':
            return void exchange.pickUp('101')
          case 'he answers':
            return void exchange.pickUp(client)
          case 'all talks end':
            return await hangUp((talks) => talks)
          case 'all callers hang up':
            return await hangUp((talks) => !talks)
          case 'his phone is busy':
          case 'his phone rings':
            return void exchange.phones.set(client, step === 'his phone is busy' ? 'busy' : 'rings')
          case 'a person stops it': {
            for (const { id } of await open())
              await app.http.inject({ method: 'DELETE', url: `/api/plugins/queue/call-backs/${id}` })
            return
          }
          case 'the house is opened anew':
            // What a dead house still rings here nobody takes over; that is shown with a real exchange.
            if (exchange.alive().some(({ direction, isUp }) => direction === 'out' && !isUp)) return
            ends.push(...endsOfThisLife())
            await app.die()
            app = asAnn(await startTestApp(t, { plugin, settings, folder, exchange, clock }))
            exchange.connect()
            return await settled()
        }
      }
      const endsOfThisLife = () => app.factsNamed('queue.call-back-closed').map(({ data }) => data.callBack)
      const rows = () =>
        app.database.withTables<QueueTables>().selectFrom('queue_call_backs').selectAll().execute()
      const open = async () => (await rows()).filter(({ closed_at }) => closed_at === null)

      for (const step of steps) {
        await take(step)
        await settled()
        const his = exchange.alive().filter(({ direction, to }) => direction === 'out' && to === client)
        assert.ok(his.length <= 1, `${step}: he is rung twice at once`)
        const waiting = (await open()).filter(({ state }) => state !== 'reached')
        assert.ok(waiting.length <= 1, `${step}: he has two places`)
        const atOlena = exchange.alive().filter(({ direction, to }) => direction === 'out' && to === '101')
        assert.ok(atOlena.length <= 1, `${step}: the operator is rung twice`)
      }

      // He answers no more: within the time it is kept each call-back comes to its end, and the operator is free.
      exchange.phones.set(client, 'busy')
      await hangUp(() => true)
      await clock.advance(16 * 60_000)
      await hangUp(() => true)
      assert.deepEqual(await open(), [])
      ends.push(...endsOfThisLife())
      assert.equal(new Set(ends).size, ends.length, 'one ended twice')
      assert.equal(ends.length, (await rows()).length)
      await app.ring()
      const rung = exchange.alive().filter(({ direction, isUp }) => direction === 'out' && !isUp)
      assert.deepEqual(
        rung.map(({ to }) => to),
        ['101'],
      )
    }),
    { numRuns: 15 },
  )
})
