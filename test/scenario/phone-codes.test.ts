import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { needs } from '../support/needs.ts'
import { until } from '../support/until.ts'
import { openCompany } from './company.ts'
import { sharedExchange } from './exchange.ts'

const skip = needs.asterisk() || needs.espeak()
const exchange = sharedExchange(after)

test('an operator signs in at the phone on the desk; while it is used without us nobody is offered there', {
  skip,
}, async () => {
  const operators = [{ id: 'olena', number: '7', pin: '4711' }]
  await using company = await openCompany(await exchange(), {
    people: 'queue',
    sections: { queue: { operators, queues: [{ name: 'operators', announcements: [] }] } },
  })
  const { asterisk } = await exchange()
  const phone = await company.phone('101')
  await using other = await company.phone('102', { answers: 'at once' })
  const states = () =>
    company.factsNamed('operator.changed').map(({ data }) => `${data.state} ${data.reason ?? ''}`)
  const reaches = (state: string) =>
    until(() => states().at(-1) === state, { what: `olena to be ${state}`, within: 15_000 })

  const code = await phone.dial({ asterisk, from: '101', to: '*11' })
  await code.answered()
  for (const key of '7#4711#') await code.press(key)
  await reaches('ready ')
  await code.ended()
  assert.equal(company.factsNamed('operator.changed').at(-1)?.data.extension, '101')

  const outside = await phone.dial({ asterisk, from: '101', to: '102' })
  await outside.answered()
  assert.ok(other)
  await reaches('not_ready in another call')
  const caller = await company.ring({ from: '+380501112210' })
  await caller.answered()
  await until(() => company.factsNamed('queue.entered').length === 1, { what: 'him to wait' })
  assert.deepEqual(company.factsNamed('queue.offered'), [])
  await outside.hangUp()
  const rung = await phone.rung()
  await rung.answer()
  await reaches('talking ')
})
