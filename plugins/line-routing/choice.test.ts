import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { openPhones } from '#core/phones.ts'
import { chooseRoutes } from './choice.ts'
import { openNumberPlan, readPorted, tables } from './number-plan.ts'
import type { Trunk } from './settings.ts'

const plan = openNumberPlan({
  ported: new Map([['+380671111111', 'lifecell']]),
  prefixes: { kyivstar: ['+38077'], mine: ['+3806799'] },
})

test('the carrier of a number: moved numbers first, then the longest prefix, then nothing', () => {
  for (const [phone, carrier] of [
    ['+380671234567', 'kyivstar'],
    ['+380501234567', 'vodafone'],
    ['+380931234567', 'lifecell'],
    ['+380671111111', 'lifecell'],
    ['+380771234567', 'kyivstar'],
    ['+380679912345', 'mine'],
    ['+48790123456', 'play'],
    ['+48795112233', 't-mobile'],
    ['+48601123456', 'plus'],
    ['+79161234567', 'mts'],
    ['+380443334455', undefined],
    ['+14155550123', undefined],
  ] as const) {
    assert.equal(plan.carrierOf(phone), carrier, phone)
  }
})

test('every table says where it is from, when it was read and what nobody has checked', () => {
  for (const { source, readOn, notVerified, country, prefixes } of tables) {
    assert.ok(source.length > 20 && notVerified.length > 20)
    assert.match(readOn, /^\d{4}-\d{2}-\d{2}$/)
    assert.match(country, /^\d{1,3}$/)
    const all = Object.values(prefixes).flatMap((list) => list.split(' '))
    assert.equal(new Set(all).size, all.length)
    for (const prefix of all) assert.match(prefix, /^[1-9]\d{1,4}$/)
  }
})

test('prefixes of the tables begin mobile numbers of their country', () => {
  const phones = openPhones({ country: 'UA' })
  for (const { country, prefixes } of tables) {
    const length = country === '7' ? 10 : 9
    for (const prefix of Object.values(prefixes).flatMap((list) => list.split(' '))) {
      const phone = phones.toE164(`+${country}${prefix.padEnd(length, '1')}`)
      assert.ok(phone, prefix)
      assert.equal(phones.kindOf(phone), 'mobile', prefix)
    }
  }
})

test('a list of moved numbers is read with a heading, and bad rows are named', () => {
  const { toE164 } = openPhones({ country: 'UA' })
  const { ported, mistakes } = readPorted(
    'number;carrier\n0671234567;Lifecell\n+380501112233, kyivstar\nx;y\n\n',
    toE164,
  )
  assert.deepEqual(
    [...ported],
    [
      ['+380671234567', 'lifecell'],
      ['+380501112233', 'kyivstar'],
    ],
  )
  assert.deepEqual(mistakes, ['row 4 is not a number and a carrier'])
})

test('a list as spreadsheets save it is read whole: with a mark at its beginning, in quotes, without a heading', () => {
  const { toE164 } = openPhones({ country: 'UA' })
  const { ported, mistakes } = readPorted(
    '\ufeff"0671234567";"Lifecell"\r\n"3.80671E+11";"kyivstar"\r\n',
    toE164,
  )
  assert.deepEqual([...ported], [['+380671234567', 'lifecell']])
  assert.deepEqual(mistakes, ['row 2 is not a number and a carrier'])
  assert.deepEqual(readPorted('06712;lifecell\n', toE164).mistakes, ['row 1 is not a number and a carrier'])
})

const trunks: Trunk[] = [
  { name: 'office', carriers: [] },
  { name: 'kyivstar', carriers: ['kyivstar'], number: '+380670000000' },
  { name: 'vodafone', carriers: ['vodafone'] },
  { name: 'spare', carriers: [] },
]
const ways = (phone: string, down: string[] = []) =>
  chooseRoutes(phone, { trunks, plan, isUp: (trunk) => !down.includes(trunk) }).map(({ trunk }) => trunk)

test('a phone is rung by the line of its carrier, then by spare lines, then by the others', () => {
  assert.deepEqual(ways('+380671234567'), ['kyivstar', 'office', 'spare', 'vodafone'])
  assert.deepEqual(ways('+380501234567'), ['vodafone', 'office', 'spare', 'kyivstar'])
  assert.deepEqual(ways('+380443334455'), ['office', 'spare', 'kyivstar', 'vodafone'])
})

test('a carrier is the same in capitals', () => {
  const named = openNumberPlan({ ported: new Map(), prefixes: { Lifecell: ['+38077'] } })
  const chosen = (phone: string) =>
    chooseRoutes(phone, {
      trunks: [
        { name: 'office', carriers: [] },
        { name: 'cheap', carriers: ['LifeCell'] },
      ],
      plan: named,
      isUp: () => true,
    }).map(({ trunk }) => trunk)
  assert.deepEqual(chosen('+380631234567'), ['cheap', 'office'])
  assert.deepEqual(chosen('+380771234567'), ['cheap', 'office'])
})

test('a line that is down comes after all that work, and is still there when nothing works', () => {
  assert.deepEqual(ways('+380671234567', ['kyivstar']), ['office', 'spare', 'vodafone', 'kyivstar'])
  assert.deepEqual(ways('+380671234567', ['kyivstar', 'office', 'vodafone', 'spare']), [
    'kyivstar',
    'office',
    'spare',
    'vodafone',
  ])
})

test('whatever is down, every line is tried once and none that works after one that does not', () => {
  fc.assert(
    fc.property(fc.subarray(trunks.map(({ name }) => name)), fc.nat(999_999_999), (down, digits) => {
      const chosen = ways(`+380${String(digits).padStart(9, '0')}`, down)
      assert.deepEqual(chosen.toSorted(), trunks.map(({ name }) => name).toSorted())
      const firstDown = chosen.findIndex((name) => down.includes(name))
      if (firstDown !== -1) assert.ok(chosen.slice(firstDown).every((name) => down.includes(name)))
    }),
  )
})
