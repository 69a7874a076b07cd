import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { fromDispatchPhone, toDispatchPhone } from './phone-rules.ts'
import type { PhoneRules } from './settings.ts'

const rules = (given: Partial<PhoneRules>): PhoneRules => ({ toDispatch: [], fromDispatch: [], ...given })

describe('numbers on their way to Taxi-Master', () => {
  test('are plain digits without a rule', () => {
    assert.equal(toDispatchPhone('+380671234567', rules({})), '380671234567')
  })

  test('become national', () => {
    const national = rules({ toDispatch: [{ strip: '+38' }] })
    assert.equal(toDispatchPhone('+380671234567', national), '0671234567')
  })

  test('keep only their last digits and get a prefix', () => {
    const eight = rules({ toDispatch: [{ keepLast: 10, prepend: '8' }] })
    assert.equal(toDispatchPhone('+79001234567', eight), '89001234567')
  })

  test('follow the first rule that fits: the town’s landlines are stored bare', () => {
    const town = rules({
      toDispatch: [
        { startsWith: '+741147', keepLast: 5 },
        { keepLast: 10, prepend: '8' },
      ],
    })
    assert.equal(toDispatchPhone('+74114741234', town), '41234')
    assert.equal(toDispatchPhone('+79001234567', town), '89001234567')
  })
})

describe('numbers that come from Taxi-Master', () => {
  test('are read as the country does without a rule', () => {
    assert.equal(fromDispatchPhone('067 123-45-67', rules({}), 'UA'), '+380671234567')
    assert.equal(fromDispatchPhone('89001234567', rules({}), 'RU'), '+79001234567')
    assert.equal(fromDispatchPhone('380671234567', rules({}), 'UA'), '+380671234567')
  })

  test('follow the first rule that fits by length', () => {
    const town = rules({
      fromDispatch: [
        { length: 5, prepend: '+741147' },
        { keepLast: 10, prepend: '+7' },
      ],
    })
    assert.equal(fromDispatchPhone('41234', town, 'RU'), '+74114741234')
    assert.equal(fromDispatchPhone('8 900 123 45 67', town, 'RU'), '+79001234567')
  })

  test('are nothing when they are no number', () => {
    for (const raw of ['', 'скрыт', '0', '+'])
      assert.equal(fromDispatchPhone(raw, rules({}), 'UA'), undefined)
  })

  test('are E.164 or nothing, whatever comes', () => {
    fc.assert(
      fc.property(fc.string(), fc.option(fc.string(), { nil: undefined }), (raw, prepend) => {
        const fromDispatch = prepend === undefined ? [] : [{ prepend }]
        const phone = fromDispatchPhone(raw, rules({ fromDispatch }), 'UA')
        if (phone !== undefined) assert.match(phone, /^\+[1-9][0-9]{1,14}$/)
      }),
    )
  })

  test('come back as they went', () => {
    const national = rules({
      toDispatch: [{ strip: '+38' }],
      fromDispatch: [{ startsWith: '0', length: 10, prepend: '+38' }],
    })
    fc.assert(
      fc.property(fc.stringMatching(/^\+380[1-9][0-9]{8}$/), (phone) => {
        assert.equal(fromDispatchPhone(toDispatchPhone(phone, national), national, 'UA'), phone)
      }),
    )
  })
})
