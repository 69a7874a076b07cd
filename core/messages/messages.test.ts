import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { openTestClock, settled } from '../../test/support/test-clock.ts'
import { openTestLog } from '../../test/support/test-log.ts'
import { openLocalTime } from '../calendar.ts'
import { openCallBus } from '../call-bus/call-bus.ts'
import { openDatabase } from '../database/database.ts'
import { CallbusError } from '../errors.ts'
import type { Message } from '../ports/messages.ts'
import { checkSettings } from '../settings.ts'
import { openMessages } from './messages.ts'
import { mistakesOf, responsibleFor } from './responsible.ts'
import { MessageSettings } from './settings.ts'

const nights = { hours: [{ days: ['thu'], from: '22:00', to: '06:00' }] }
const settings = checkSettings(
  MessageSettings,
  {
    people: [
      { name: 'olena', at: { mail: 'olena@taxi.example' } },
      { name: 'taras', at: { mail: 'taras@taxi.example', hook: 'https://bot.example' } },
    ],
    duties: [
      { about: ['lines'], who: ['taras'] },
      { about: ['queue'], who: ['olena'] },
      { about: ['queue'], who: ['taras'], calendar: nights },
    ],
  },
  'messages',
)
const telling = {
  id: 'wait-7',
  to: 'responsible',
  about: 'queue',
  subject: 'Waiting',
  text: 'Somebody waits',
  because: 'longer than 3 minutes',
} as const

async function house(t: TestContext) {
  const clock = openTestClock()
  const { log } = openTestLog()
  const database = await openDatabase({ kind: 'sqlite', file: ':memory:' }, { log })
  const bus = openCallBus({ clock, log, lastFactId: 0 })
  const facts: string[] = []
  bus.onAny(({ name, data }) => {
    facts.push(`${name} ${'person' in data ? data.person : ''}`)
  })
  t.after(() => database[Symbol.asyncDispose]())
  return {
    clock,
    facts,
    /** A life of the process; `carry` is what the outside world does. */
    async live(carry: (message: Message, address: string) => Promise<void>) {
      const carrier = { capabilities: { attachments: false }, carry }
      const parts = { database: database.kysely, clock, log, bus, settings, timeZone: 'Europe/Kyiv' }
      return await openMessages({
        ...parts,
        carriers: new Map([
          ['mail', carrier],
          ['hook', carrier],
        ]),
      })
    },
  }
}

test('whoever is responsible now is told, and at hours of nobody everybody who is at others', () => {
  const kyiv = openLocalTime('Europe/Kyiv')
  const at = (about: string, moment: string) =>
    responsibleFor(settings, about, kyiv, Date.parse(moment)).map(({ name }) => name)
  assert.deepEqual(at('queue', '2026-01-15T12:00Z'), ['olena'])
  assert.deepEqual(at('queue', '2026-01-15T21:00Z'), ['olena', 'taras'])
  assert.deepEqual(at('lines', '2026-01-15T21:00Z'), ['taras'])
  assert.deepEqual(at('complaints', '2026-01-15T21:00Z'), [])
  const [, , night = assert.fail()] = settings.duties
  const nobody = responsibleFor({ ...settings, duties: [night] }, 'queue', kyiv, Date.UTC(2026, 0, 15, 12))
  assert.deepEqual(
    nobody.map(({ name }) => name),
    ['taras'],
  )
  assert.equal(mistakesOf(settings, ['mail']).length, 1)
})

test('a message goes out once however often it is told', async (t) => {
  const { live, facts } = await house(t)
  const sent: string[] = []
  await using messages = await live(async ({ id }, address) => void sent.push(`${id} ${address}`))
  assert.deepEqual(await messages.tell(telling), ['olena'])
  await messages.tell(telling)
  await settled()
  await messages.tell(telling)
  await settled()
  assert.deepEqual(sent, ['wait-7/olena/mail olena@taxi.example'])
  assert.deepEqual(facts, ['message.delivered olena'])
})

test('what cannot be sent is tried again with growing pauses, by the next process too', async (t) => {
  const { clock, live, facts } = await house(t)
  const tries: number[] = []
  let isIll = true
  const start = clock.now()
  const carry = async () => {
    tries.push((clock.now() - start) / 1_000)
    if (isIll) throw new Error('away')
  }
  const before = await live(carry)
  await before.tell(telling)
  await clock.advance(20_000)
  await before[Symbol.asyncDispose]()
  await using _next = await live(carry)
  await clock.advance(20_000)
  isIll = false
  await clock.advance(60_000)
  assert.deepEqual(tries, [0, 5, 15, 35, 75])
  assert.deepEqual(facts, ['message.delivered olena'])
})

test('what is refused for good, or too late, is lost and said to be', async (t) => {
  const { clock, live, facts } = await house(t)
  await using messages = await live(async ({ id }) => {
    throw id.startsWith('no')
      ? new CallbusError('MESSAGE_REFUSED', { way: 'mail', reason: 'no' })
      : new Error('away')
  })
  await messages.tell({ ...telling, id: 'no', to: { person: 'olena' } })
  await settled()
  assert.deepEqual(facts, ['message.lost olena'])
  await messages.tell(telling)
  await clock.advance(23 * 3_600_000)
  assert.equal(facts.length, 1)
  await clock.advance(3_600_000)
  assert.equal(facts.length, 2)
})

test('whoever cannot be sent the file is told that there is one', async (t) => {
  const { live } = await house(t)
  const texts: string[] = []
  await using messages = await live(async ({ text, attachment }) => void texts.push(`${text} ${attachment}`))
  await messages.tell({ ...telling, attachment: { file: '/x', name: 'talk.wav', type: 'audio/wav' } })
  await settled()
  assert.deepEqual(texts, ['Somebody waits\n\n[talk.wav] undefined'])
})
