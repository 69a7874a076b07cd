import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { words } from '../../plugins/blacklist/words.ts'
import { needs } from '../support/needs.ts'
import { openCompany } from './company.ts'
import { sharedExchange } from './exchange.ts'

const skip = needs.asterisk() || needs.espeak()
const exchange = sharedExchange(after)
const from = '+380671234567'

test('a black caller hears that he is turned away, and no operator is bothered', { skip }, async () => {
  await using company = await openCompany(await exchange())
  const operator = await company.phone('101')
  await using before = await company.ring({ from })
  await operator.rung()
  await before.hangUp()

  await company.api('POST', '/api/plugins/blacklist/entries', {
    list: 'black',
    phone: from,
    reason: 'threats',
  })
  const rungBefore = operator.calls.length
  await using turnedAway = await company.ring({ from })
  await turnedAway.answered()
  await turnedAway.hearsSound(await company.soundOf(words.turnedAway))
  assert.equal((await turnedAway.ended()).by, 'them')
  const call = await company.callOf(from)
  const ended = await company.fact('call.ended', (data) => data.call === call)
  assert.equal(ended.result, 'refused')
  assert.equal(operator.calls.length, rungBefore)

  await company.api('DELETE', `/api/plugins/blacklist/entries/black/${encodeURIComponent(from)}`)
  await company.ring({ from })
  await operator.rung()
})
