import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { openPhones } from './phones.ts'

const numbers: Record<string, [raw: string, e164: string | undefined][]> = {
  UA: [
    ['0671234567', '+380671234567'],
    ['380671234567', '+380671234567'],
    ['80671234567', '+380671234567'],
    ['+38 (067) 123-45-67', '+380671234567'],
    ['00380671234567', '+380671234567'],
    ['sip:+380671234567@10.0.0.1;user=phone', '+380671234567'],
    ['"Ada" <sip:%2B380671234567@exchange.test>', '+380671234567'],
    ['tel:+380-67-123-45-67;phone-context=x', '+380671234567'],
    ['48501234567', '+48501234567'],
    ['101', undefined],
    ['sip:101@10.0.0.1', undefined],
    ['112', undefined],
    ['anonymous', undefined],
    ['sip:anonymous@anonymous.invalid', undefined],
    ['Anonymous 0671234567', undefined],
    ['0671234567 ext. 5', undefined],
    ['', undefined],
    ['+', undefined],
    ['0'.repeat(300), undefined],
  ],
  RU: [
    ['89161234567', '+79161234567'],
    ['9161234567', '+79161234567'],
    ['79161234567', '+79161234567'],
    ['8 (800) 555-35-35', '+78005553535'],
    ['810380671234567', '+380671234567'],
    ['2345678', undefined],
    ['1001', undefined],
  ],
  KZ: [
    ['87011234567', '+77011234567'],
    ['77011234567', '+77011234567'],
    ['+7 701 123 45 67', '+77011234567'],
  ],
  PL: [
    ['501 234 567', '+48501234567'],
    ['48501234567', '+48501234567'],
    ['0048501234567', '+48501234567'],
    ['200100', undefined],
  ],
  GB: [['07700 900123', '+447700900123']],
}

for (const [country, rows] of Object.entries(numbers)) {
  test(`numbers are read the way they are dialled in ${country}`, () => {
    const phones = openPhones({ country })
    for (const [raw, e164] of rows) {
      assert.equal(phones.toE164(raw), e164, raw)
      assert.equal(phones.toE164(raw), e164, `${raw} a second time`)
    }
  })
}

test('people see national numbers of their own country and international ones of others', () => {
  const phones = openPhones({ country: 'ua' })
  assert.equal(phones.toNational('+380671234567'), '067 123 4567')
  assert.equal(phones.toNational('+48501234567'), '+48 501 234 567')
  assert.equal(phones.toNational('+9'), '+9')
})

test('any text is a stored form or nothing, and a stored form stays itself', () => {
  const phones = openPhones({ country: 'UA' })
  const digits = fc.stringMatching(/^\+?[0-9 ()-]{0,18}$/)
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), digits), (raw) => {
      const phone = phones.toE164(raw)
      if (phone === undefined) return
      assert.match(phone, /^\+[1-9][0-9]{1,14}$/)
      assert.equal(phones.toE164(phone), phone)
      assert.ok(phones.toNational(phone).length > 0)
    }),
    { numRuns: 1000 },
  )
})

test('a country without telephones is refused', () => {
  assert.throws(() => openPhones({ country: 'XX' }), /XX is not the code of a country/)
})
