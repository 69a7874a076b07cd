import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { basePriority, compare, effectivePriority, type InLine, openWaitingLine } from './priority.ts'

const worth = { vip: 100, brokenPromise: 50, stages: { arrived: 30 } }

test('a VIP whose car stands before the house later than promised has all three marks', () => {
  assert.equal(basePriority({ preferred: 0 }, worth), 0)
  assert.equal(
    basePriority({ preferred: 10, isVip: true, stage: 'arrived', isPromiseBroken: true }, worth),
    190,
  )
  assert.equal(basePriority({ preferred: 0, stage: 'searching' }, worth), 0)
})

test('with aging, whoever has waited long enough comes before a newer caller of higher priority', () => {
  const patient = { base: 0, arrivedAt: 0, number: 1 }
  const vip = { base: 10, arrivedAt: 5 * 60_000, number: 2 }
  assert.equal(effectivePriority(patient, 3, 5 * 60_000), 15)
  assert.ok(compare(patient, vip, 3) < 0)
  assert.ok(compare(patient, vip, 1) > 0)
  assert.ok(compare(patient, vip, 0) > 0)
})

test('at any moment the line stands by effective priority, then by arrival', () => {
  const somebody = fc.record({ base: fc.constantFrom(0, 10, 100), arrivedAt: fc.nat(600_000) })
  const aging = fc.constantFrom(0, 1, 7)
  fc.assert(
    fc.property(fc.array(somebody, { maxLength: 30 }), aging, fc.nat(1e6), (people, perMinute, later) => {
      const line = openWaitingLine<InLine>(perMinute)
      const all = people.map((each, number) => ({ ...each, number }))
      for (const each of all) line.add(each)
      const now = 600_000 + later
      const bySight = all.toSorted(
        (one, other) =>
          effectivePriority(other, perMinute, now) - effectivePriority(one, perMinute, now) ||
          one.arrivedAt - other.arrivedAt ||
          one.number - other.number,
      )
      const priorities = (entries: readonly InLine[]) =>
        entries.map((each) => effectivePriority(each, perMinute, now).toFixed(6))
      assert.deepEqual(priorities(line.entries), priorities(bySight))
      for (const [place, each] of line.entries.entries()) assert.equal(line.ahead(each), place)
      for (const each of all.slice(1)) line.remove(each)
      assert.deepEqual(line.entries, all.slice(0, 1))
    }),
  )
})
