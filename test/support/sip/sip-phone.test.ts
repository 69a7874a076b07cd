import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type AsteriskOptions, startAsterisk } from '../../asterisk/instance.ts'
import { needs } from '../needs.ts'
import { openPhone, ring } from './sip-phone.ts'

const skip = needs.asterisk()

test('two phones call each other without an exchange', async () => {
  await using operator = await openPhone({ says: 500 })
  await using caller = await ring({
    asterisk: { sipPort: operator.port },
    from: '+380671234567',
    to: '101',
    says: 900,
  })
  const incoming = await operator.rung()
  await caller.ringing()
  await incoming.answer()
  await caller.answered()
  await Promise.all([caller.hears(500), incoming.hears(900)])

  await caller.press('12', 'rfc4733')
  await caller.press('3#')
  assert.equal([...incoming.keys()].sort().join(''), '#123')

  incoming.fallSilent()
  await caller.hearsSilence()
  await caller.hangUp()
  assert.deepEqual(await incoming.ended(), { by: 'them' })
})

test('a phone refuses, and a call nobody takes can be given up', async () => {
  await using phone = await openPhone({ answers: 486 })
  const asterisk = { sipPort: phone.port }
  await using refused = await ring({ asterisk, from: 'anonymous', to: '101' })
  assert.deepEqual(await refused.ended(), { by: 'them', code: 486 })
  await assert.rejects(refused.answered(), /486/)

  phone.answers = 'never'
  await using given = await ring({ asterisk, from: 'anonymous', to: '101' })
  await given.ringing()
  await given.hangUp()
  assert.deepEqual(await given.ended(), { by: 'us', code: 487 })
})

test('a phone registers with its password and is reached there', { skip }, async () => {
  await using asterisk = await startAsterisk({ configure: withRegistration })
  const account = { asterisk, user: '200', password: 'secret' }
  const host = '127.0.0.2'
  await assert.rejects(openPhone({ host, account: { ...account, password: 'wrong' } }), /401|403/)
  await using operator = await openPhone({ host, account, answers: 'at once', says: 500 })

  await using caller = await ring({ asterisk, from: '+380671234567', to: '200' })
  await caller.hears(500)
  await caller.hangUp()

  await using own = await operator.dial({ asterisk, from: '200', to: '301' })
  await own.answered()
})

const withRegistration: NonNullable<AsteriskOptions['configure']> = ({ sipPort }) => ({
  'pjsip.conf': `
[udp]
type=transport
protocol=udp
bind=127.0.0.1:${sipPort}
[trunk]
type=endpoint
context=from-trunk
allow=alaw
[trunk]
type=identify
endpoint=trunk
match=127.0.0.1
[200]
type=endpoint
context=from-phones
allow=alaw
aors=200
auth=200
[200]
type=aor
max_contacts=1
[200]
type=auth
auth_type=userpass
username=200
password=secret
`,
  'extensions.conf': `
[from-trunk]
exten => _X.,1,Dial(PJSIP/\${EXTEN},20)
[from-phones]
exten => 301,1,Answer()
 same => n,Wait(60)
`,
})
