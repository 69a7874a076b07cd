/** Each way of choosing an operator, on two phones, one company and one day: what came before counts. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { whomToRing } from '../../plugins/queue/strategies.ts'
import { needs } from '../support/needs.ts'
import { until } from '../support/until.ts'
import { openCompany } from './company.ts'
import { type Extension, sharedExchange } from './exchange.ts'

const skip = needs.asterisk() || needs.espeak()
const exchange = sharedExchange(after)
const client = '+380671110001'

interface Day {
  strategy: object
  /** Who is rung for one caller after another, and why he. */
  rings: readonly (Extension | 'whom the lot gives')[]
  because: string
  /** Milliseconds of talk. */
  talks?: number
}
const day: Day[] = [
  {
    strategy: { is: 'weighted' },
    rings: ['102', '101', '102'],
    because: '102 is worth two of three; of equals the one who idles longest',
  },
  { strategy: { is: 'longest_idle' }, rings: ['101', '102'], because: '102 has just talked' },
  { strategy: { is: 'priority' }, rings: ['101', '101'], because: 'he stands before 102' },
  { strategy: { is: 'fewest_calls' }, rings: ['102'], because: '102 has had three, 101 four', talks: 1_500 },
  {
    strategy: { is: 'last_operator', inner: { is: 'priority' } },
    rings: ['102', '102'],
    because: 'it is the client whom 102 served',
  },
  { strategy: { is: 'least_talk_today' }, rings: ['101', '101'], because: '102 had the long talk' },
  { strategy: { is: 'skills' }, rings: ['102', '102'], because: 'his English is better' },
  { strategy: { is: 'round_robin' }, rings: ['101', '102', '101'], because: '102 was offered last' },
  {
    strategy: { is: 'random' },
    rings: ['whom the lot gives', 'whom the lot gives', 'whom the lot gives'],
    because: 'the lot of this caller fell on the other',
  },
]

/** The lot follows from the caller alone. */
function drawnFor(entry: string): Extension {
  const nothing = { turn: 0, rank: 1, weight: 1, level: 1, idleSince: 0, talkedToday: 0 }
  const both = ['one', 'two'].map((id) => ({ ...nothing, id, signedInToday: 0, callsToday: 0 }))
  return whomToRing({ is: 'random' }, both, { used: {} }, `${entry}:0`)[0] === 'one' ? '101' : '102'
}

test('each strategy rings whom it should', { skip }, async () => {
  await using company = await openCompany(await exchange(), {
    people: 'queue',
    sections: {
      queue: {
        operators: [
          { id: 'one', extension: '101', isAlwaysHere: true, skills: { english: 3 } },
          { id: 'two', extension: '102', isAlwaysHere: true, skills: { english: 8 } },
        ],
        queues: [
          {
            name: 'operators',
            announcements: [],
            needs: { english: 1 },
            operators: [
              { id: 'one', rank: 1, weight: 1 },
              { id: 'two', rank: 2, weight: 2 },
            ],
          },
        ],
      },
    },
  })
  const phones = { 101: await company.phone('101'), 102: await company.phone('102') }
  const offered = () => company.factsNamed('queue.offered')
  async function change(strategy: object) {
    const answer = await company.api('PUT', '/api/plugins/queue/queues/operators/strategy', strategy)
    assert.equal(answer.status, 200, await answer.text())
  }
  /** Both may be offered the next caller, as far as the exchange says too. */
  const areReady = async () => {
    const isReady = ({ state, phone }: { state: string; phone?: string }) =>
      state === 'ready' && phone === 'free'
    const all = async () => (await (await company.api('GET', '/api/plugins/queue/operators')).json()) as []
    await until(async () => (await all()).every(isReady), { what: 'both to be ready' })
  }

  await areReady()
  for (const { strategy, rings, because, talks = 0 } of day) {
    await change(strategy)
    for (const ring of rings) {
      const before = offered().length
      const caller = await company.ring({ from: client })
      await until(() => offered().length > before, { what: 'an offer' })
      const { entry = '', extension: rung } = offered()[before]?.data ?? {}
      const extension = ring === 'whom the lot gives' ? drawnFor(entry) : ring
      assert.equal(rung, extension, `${JSON.stringify(strategy)}: ${because}`)
      const incoming = await phones[extension].rung()
      await incoming.answer()
      await until(() => company.factsNamed('operator.changed').at(-1)?.data.state === 'talking', {
        what: 'a talk',
      })
      await company.clock.sleep(talks)
      await caller.hangUp()
      await incoming.ended()
      await areReady()
      assert.equal(offered().length, before + 1)
    }
  }

  const steps = [
    { after: 0, who: ['two'], strategy: { is: 'priority' } },
    { after: 1, strategy: { is: 'ring_all' }, keepRinging: true },
  ]
  await change({ is: 'steps', steps })
  const caller = await company.ring({ from: client })
  const late = await phones[102].rung()
  const quick = await phones[101].rung()
  assert.equal(late.state, 'ringing')
  await quick.answer()
  await late.ended()
  await caller.hangUp()
  await quick.ended()
  const extensions = offered().slice(-2)
  assert.deepEqual(
    extensions.map(({ data }) => data.extension),
    ['102', '101'],
  )
})
