import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  tellsToAnswer,
  toArgs,
  toBecause,
  toCallerId,
  toDialOutcome,
  toEndpoint,
  toFrom,
  toMediaUri,
  toMoment,
  toPurpose,
} from './translate.ts'

const templates = { trunk: 'PJSIP/{number}@trunk', extension: 'PJSIP/{extension}' }

test('phone numbers go to the trunk, short numbers to phones, resources as they are', () => {
  assert.equal(toEndpoint('+380671234567', templates), 'PJSIP/+380671234567@trunk')
  assert.equal(
    toEndpoint('+380671234567', { ...templates, trunk: 'PJSIP/{digits}@t' }),
    'PJSIP/380671234567@t',
  )
  assert.equal(toEndpoint('101', templates), 'PJSIP/101')
  assert.equal(toEndpoint('Local/answer@plain', templates), 'Local/answer@plain')
})

test('a phone of the house can be told to answer; a mobile, or what is reached in a roundabout way, cannot', () => {
  for (const to of ['101', 'PJSIP/101']) assert.ok(tellsToAnswer(to, templates), to)
  for (const to of ['+380671234567', '0671234567', 'PJSIP/101@trunk', 'Local/101@plain', 'a b'])
    assert.ok(!tellsToAnswer(to, templates), to)
  assert.ok(!tellsToAnswer('101', { extension: 'Local/{extension}@from-internal' }))
})

test('what cannot be an address is no endpoint, and nothing can dial two at once', () => {
  for (const to of ['', ' ', 'a b', 'PJSIP/101&PJSIP/102', 'PJSIP/', '10,1'])
    assert.equal(toEndpoint(to, templates), undefined)
  fc.assert(fc.property(fc.string(), (to) => !/[\s&,]/.test(toEndpoint(to, templates) ?? '')))
})

test('a name cannot break out of the caller id', () => {
  assert.equal(toCallerId({ name: 'Taxi "1" <x>', number: '+380' }), '"Taxi 1 x" <+380>')
  assert.equal(toCallerId({ number: '+38 0<1>' }), '"+3801" <+3801>')
  assert.equal(toCallerId({}), undefined)
  assert.equal(toCallerId({ name: 'Taxi' }), '"Taxi"')
})

test('hidden numbers are no numbers', () => {
  for (const number of ['', undefined, 'anonymous', 'Anonymous', 'unavailable', 'Restricted']) {
    assert.equal(toFrom(number), undefined)
  }
  assert.equal(toFrom('0671234567'), '0671234567')
})

test('the SIP code says more than the cause, and the cause more than the dial status', () => {
  assert.equal(toDialOutcome({ cause: 17 }), 'busy')
  assert.equal(toDialOutcome({ cause: 19, techCause: 480 }), 'no-answer')
  assert.equal(toDialOutcome({ cause: 18, techCause: 408 }), 'unreachable')
  assert.equal(toDialOutcome({ cause: 1 }), 'invalid')
  assert.equal(toDialOutcome({ cause: 0, status: 'CHANUNAVAIL' }), 'unreachable')
  assert.equal(toDialOutcome({ cause: 0 }), 'failed')
})

test('a cause is told in words, an unknown one by its number', () => {
  assert.equal(toBecause(17), 'busy')
  assert.equal(toBecause(99), 'cause 99')
  assert.equal(toBecause(undefined), 'hung up')
})

test('prompts are named without extension on disk, and with encoded commas by HTTP', () => {
  const media = {
    file: '/data/prompts/ab.12.wav',
    url: 'http://10.0.0.1:8080/prompts/a,b.wav?v=1',
    seconds: 1,
  }
  assert.equal(toMediaUri(media, { media: 'files' }), 'sound:/data/prompts/ab.12')
  assert.equal(toMediaUri(media, { media: 'http' }), 'sound:http://10.0.0.1:8080/prompts/a%2Cb.wav?v=1')
  assert.equal(
    toMediaUri(media, { media: 'http', mediaBaseUrl: 'https://callbus.example/' }),
    'sound:https://callbus.example/prompts/a%2Cb.wav?v=1',
  )
})

test('moments of Asterisk are read with their zone', () => {
  assert.equal(toMoment('2026-11-22T02:00:00.250+0200'), Date.UTC(2026, 10, 22, 0, 0, 0, 250))
  assert.equal(toMoment('nonsense'), 0)
})

test('channels tell their purpose, and one that a phone made is never ours', () => {
  assert.deepEqual(toPurpose('pbx-1795309252.0', ['in', '+380']), { kind: 'in', about: '+380' })
  assert.deepEqual(toPurpose('pbx-1795309252.0', ['out', '101']), { kind: 'in', about: undefined })
  assert.deepEqual(toPurpose('cb-site-7-1', ['out', '7']), { kind: 'out', about: '7' })
  assert.deepEqual(toPurpose('cb-site-7-1', ['out', '7', '+380']), { kind: 'out', about: '7', to: '+380' })
  assert.deepEqual(toPurpose('pbx-1795309252.0', []), { kind: 'in', about: undefined })
  assert.deepEqual(toArgs({ app_name: 'Stasis', app_data: 'callbus,in,+380' }, 'callbus'), ['in', '+380'])
  assert.equal(toArgs({ app_name: 'Stasis', app_data: 'callbus2,in' }, 'callbus'), undefined)
  assert.equal(toArgs({ app_name: 'Wait', app_data: 'callbus' }, 'callbus'), undefined)
})
