import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { type Stage, stages } from '#core/ports/dispatch.ts'
import { nextMovement, type Sighting } from './order-movement.ts'

interface Seen {
  stage: Stage
}
interface Told {
  from: Stage | undefined
  stage: Stage
}

/** What is told and believed after these reads, in the order they came in. */
function follow(reads: readonly Sighting<Seen>[]) {
  let believed: Sighting<Seen> | undefined
  let isUnsure = false
  const told: Told[] = []
  for (const read of reads) {
    const movement = nextMovement(believed, read)
    believed = movement.believed
    isUnsure = movement.is === 'unsure'
    if (movement.is === 'moved') told.push({ from: movement.from, stage: believed.seen.stage })
  }
  return { told, stage: believed?.seen.stage, isUnsure }
}

/** The life of an order: the stage it is in from each moment on. */
const life = fc.array(
  fc.record({ lasts: fc.integer({ min: 1, max: 20 }), stage: fc.constantFrom(...stages) }),
  {
    minLength: 1,
    maxLength: 12,
  },
)
type Life = { lasts: number; stage: Stage }[]

function stageAt(order: Life, moment: number): Stage {
  let left = moment
  for (const { lasts, stage } of order) {
    if (left < lasts) return stage
    left -= lasts
  }
  return order.at(-1)?.stage ?? 'new'
}
const lengthOf = (order: Life) => order.reduce((sum, { lasts }) => sum + lasts, 0)

const glance = fc.record({ at: fc.nat(240), before: fc.nat(10), after: fc.nat(10) })
const reads = (order: Life, glances: { at: number; before: number; after: number }[]): Sighting<Seen>[] =>
  glances.map(({ at, before, after }) => ({
    seen: { stage: stageAt(order, at) },
    startedAt: at - before,
    endedAt: at + after,
  }))

/** Each read several times, never or late. */
const mangled = fc.tuple(life, fc.array(glance, { maxLength: 25 })).chain(([order, glances]) => {
  const all = reads(order, glances)
  const some = fc.subarray([...all, ...all])
  return fc.tuple(
    fc.constant(order),
    some.chain((kept) => fc.shuffledSubarray(kept, { minLength: kept.length })),
  )
})

describe('however reads are doubled, lost, late and out of order', () => {
  test('the stage is in the end the one of a last look', () => {
    fc.assert(
      fc.property(mangled, ([order, messages]) => {
        const end = lengthOf(order) + 300
        const last = { seen: { stage: stageAt(order, end) }, startedAt: end, endedAt: end + 1 }
        const { stage, told, isUnsure } = follow([...messages, last, ...messages])
        assert.equal(stage, stageAt(order, end))
        assert.equal(told.at(-1)?.stage, stage)
        assert.ok(!isUnsure)
      }),
    )
  })

  test('no stage is told twice in a row, and each begins where the one before ended', () => {
    fc.assert(
      fc.property(mangled, ([, messages]) => {
        const { told } = follow(messages)
        for (const [index, { from, stage }] of told.entries()) {
          assert.equal(from, told[index - 1]?.stage)
          assert.notEqual(from, stage)
        }
      }),
    )
  })

  test('reads that come in order tell every stage that was read, jumps back too', () => {
    fc.assert(
      fc.property(life, (order) => {
        const looks = Array.from({ length: lengthOf(order) }, (_, moment) => ({
          seen: { stage: stageAt(order, moment) },
          startedAt: moment,
          endedAt: moment + 0.5,
        }))
        const { told } = follow(looks)
        const passed = order.map(({ stage }) => stage).filter((stage, at, all) => stage !== all[at - 1])
        assert.deepEqual(
          told.map(({ stage }) => stage),
          passed,
        )
      }),
    )
  })

  test('two reads at once that differ ask for a third', () => {
    const both = [
      { seen: { stage: 'assigned' as const }, startedAt: 0, endedAt: 10 },
      { seen: { stage: 'new' as const }, startedAt: 5, endedAt: 6 },
    ]
    assert.ok(follow(both).isUnsure)
    assert.equal(follow([...both, { seen: { stage: 'new' }, startedAt: 11, endedAt: 12 }]).stage, 'new')
  })
})
