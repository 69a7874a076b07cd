import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestApp } from '../../test/support/test-app.ts'
import { settled } from '../../test/support/test-clock.ts'
import { plugin } from './plugin.ts'

const people = ['101', '102'].map((extension) => ({ id: `op-${extension}`, extension, isAlwaysHere: true }))

test('a supervisor moves somebody who waits to another queue, and his phone elsewhere stops ringing', async (t) => {
  const app = await startTestApp(t, {
    plugin,
    settings: {
      operators: people,
      queues: [
        { name: 'operators', operators: [{ id: 'op-101' }] },
        { name: 'reserve', operators: [{ id: 'op-102' }] },
      ],
    },
  })
  app.http.addHook('onRequest', async (request) => {
    Object.assign(request, { who: { user: { name: 'ann' }, rights: new Set(['talks.supervise']) } })
  })
  for (const phone of ['101', '102']) app.exchange.phones.set(phone, 'rings')
  const ringing = () => app.exchange.alive().flatMap((leg) => (leg.direction === 'out' ? [leg.to] : []))
  const move = async (call: string, to: string) =>
    (
      await app.http.inject({
        method: 'POST',
        url: `/api/plugins/queue/waiting/${call}/move`,
        payload: { to },
      })
    ).json()

  await app.ring()
  const [queue] = (await app.http.inject('/api/plugins/queue/queues')).json()
  const [{ call, offeredTo }] = queue.waiting
  assert.deepEqual([offeredTo, queue.isChanged, ringing()], [['op-101'], false, ['101']])

  assert.equal((await move(call, 'nowhere')).code, 'NOT_FOUND')
  assert.equal((await move('another', 'reserve')).code, 'NOT_FOUND')
  assert.deepEqual(await move(call, 'reserve'), { call, to: 'reserve' })
  await settled()
  assert.deepEqual(
    [app.factsNamed('queue.left').map(({ data }) => data.outcome), ringing()],
    [['moved'], ['102']],
  )
})
