import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { musicTone } from '../asterisk/instance.ts'
import { needs } from '../support/needs.ts'
import type { PhoneCall } from '../support/sip/phone-call.ts'
import { headerOf } from '../support/sip/sip-message.ts'
import { until } from '../support/until.ts'
import { type CompanyOptions, openCompany } from './company.ts'
import { sharedExchange } from './exchange.ts'

const skip = needs.asterisk() || needs.espeak()
const exchange = sharedExchange(after, { parallelCalls: 120 })
const strangers = Array.from({ length: 50 }, (_, index) => `+3805011122${10 + index}`)
const [from = ''] = strangers

function withQueue(queue: object): CompanyOptions {
  const operators = ['101', '102'].map((extension) => ({
    id: `op-${extension}`,
    extension,
    isAlwaysHere: true,
  }))
  return {
    people: 'queue',
    sections: { queue: { operators, queues: [{ name: 'operators', announcements: [], ...queue }] } },
  }
}

// First, while the exchange has never heard of the phones: one that was there would be rung in vain for a while.
test('fifty callers to two operators: nobody hears busy, positions are right, all are served in their order', {
  skip,
}, async () => {
  await using company = await openCompany(
    await exchange(),
    withQueue({ strategy: { is: 'longest_idle' }, maximumWait: 600 }),
  )
  const callers: PhoneCall[] = []
  for (const stranger of strangers) {
    const caller = await company.ring({ from: stranger })
    callers.push(caller)
    await caller.answered()
    await until(() => company.factsNamed('queue.entered').length === callers.length, { what: 'him to wait' })
  }
  assert.ok(callers.every(({ state }) => state === 'up'))
  const entered = company.factsNamed('queue.entered').map(({ data }) => data)
  assert.deepEqual(
    entered.map(({ position }) => position),
    strangers.map((_, index) => index + 1),
  )

  const served = () => company.factsNamed('call.talking').map(({ data }) => data.call)
  await using one = await company.phone('101', { answers: 'at once' })
  await using other = await company.phone('102', { answers: 'at once' })
  assert.ok(one && other)
  for (let count = 0; count < strangers.length; count += 1) {
    await until(() => served().length > count, { what: `caller ${count} to be served`, within: 30_000 })
    const index = entered.findIndex(({ call }) => call === served()[count])
    await callers[index]?.hangUp()
  }
  // Two phones answer side by side, one quicker than the other: the order is that of the offers they took.
  const taken = entered.map(({ call }) =>
    company.factsNamed('queue.offered').findLastIndex(({ data }) => data.call === call),
  )
  assert.deepEqual(
    taken,
    taken.toSorted((one, other) => one - other),
  )
  const outcomes = company.factsNamed('queue.left').map(({ data }) => data.outcome)
  assert.deepEqual(new Set(outcomes), new Set(['answered']))
})

test('ring_all: both phones ring, one answers, the other stops within half a second', { skip }, async () => {
  await using company = await openCompany(await exchange(), withQueue({ strategy: { is: 'ring_all' } }))
  const [one, other] = [await company.phone('101', { says: 500 }), await company.phone('102')]
  const caller = await company.ring({ from, says: 900 })
  const [taken, late] = [await one.rung(), await other.rung()]
  await caller.hears(musicTone)
  const answeredAt = performance.now()
  await taken.answer()
  const { by, code } = await late.ended()
  const stoppedAfter = performance.now() - answeredAt
  assert.deepEqual({ by, code }, { by: 'them', code: 487 })
  assert.ok(stoppedAfter < 500, `${stoppedAfter} ms`)
  await Promise.all([caller.hears(500), taken.hears(900)])
  await caller.hangUp()
  await taken.ended()
  assert.equal((await company.fact('queue.left')).outcome, 'answered')
})

test('ring_all: a phone is made to answer while the caller hears music, and they hear each other', {
  skip,
}, async () => {
  await using company = await openCompany(await exchange(), withQueue({ strategy: { is: 'ring_all' } }))
  const [one, other] = [await company.phone('101', { says: 500 }), await company.phone('102')]
  const caller = await company.ring({ from, says: 900 })
  const [before, late] = [await one.rung(), await other.rung()]
  await caller.hears(musicTone)
  const call = await company.callOf(from)
  const answer = { phone: '101' }
  const asked = await company.api('POST', `/api/plugins/talk-control/calls/${call}/answer`, answer)
  assert.equal(asked.status, 202)
  const told = await one.rung()
  assert.match(headerOf(told.invite, 'call-info'), /answer-after=0/)
  assert.match(headerOf(told.invite, 'alert-info'), /info=alert-autoanswer/)
  await Promise.all([caller.hears(500), told.hears(900)])
  for (const { ended } of [before, late]) assert.equal((await ended()).code, 487)
  await caller.hangUp()
  await told.ended()
  await company.fact('call.ended')
  assert.deepEqual(company.factsNamed('call.told'), [])
  const missed = company.factsNamed('call.operator-missed').map(({ data }) => data.operator)
  assert.deepEqual([company.factsNamed('queue.offered').length, missed], [2, ['102']])
})

test('round_robin: one phone after another, and whoever was offered last comes last', { skip }, async () => {
  await using company = await openCompany(await exchange(), withQueue({ strategy: { is: 'round_robin' } }))
  const phones = [await company.phone('101'), await company.phone('102')]
  for (const [count, turn] of [0, 1, 0].entries()) {
    const caller = await company.ring({ from })
    const incoming = await phones[turn]?.rung()
    await incoming?.answer()
    await until(() => company.factsNamed('call.talking').length > count, { what: 'a talk' })
    await caller.hangUp()
    await incoming?.ended()
  }
  const offered = company.factsNamed('queue.offered').map(({ data }) => data.extension)
  assert.deepEqual(offered, ['101', '102', '101'])
})

test('a phone that stays silent hands the caller on to the next', {
  skip,
}, async () => {
  await using company = await openCompany(
    await exchange(),
    withQueue({ strategy: { is: 'round_robin' }, ringFor: 3 }),
  )
  await using silent = await company.phone('101', { answers: 'never' })
  await using quick = await company.phone('102', { answers: 'at once', says: 500 })
  const caller = await company.ring({ from, says: 900 })
  await silent.rung()
  await quick.rung()
  await caller.hears(500)
  const missed = await company.fact('call.operator-missed')
  assert.deepEqual([missed.operator, missed.outcome], ['101', 'no-answer'])
})
