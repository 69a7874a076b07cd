import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { type Stage, stages } from '#core/ports/dispatch.ts'
import { nextMovement, type Sighting } from './order-movement.ts'

/** A read, and the moment at which it looked. */
interface Read extends Sighting<{ stage: Stage }> {
  at: number
}
interface Told {
  from: Stage | undefined
  read: Read
}

/** What is told and believed after these reads, in the order they came in. */
function follow(reads: readonly Read[], lookAgain?: () => Read) {
  let believed: Read | undefined
  let isUnsure = false
  const told: Told[] = []
  const queue = [...reads]
  for (let read = queue.shift(); read; read = queue.shift()) {
    const movement = nextMovement(believed, read)
    believed = movement.believed as Read
    isUnsure = movement.is === 'unsure'
    if (isUnsure && lookAgain) queue.push(lookAgain())
    if (movement.is === 'moved') told.push({ from: movement.from, read: believed })
  }
  return { told, stage: believed?.seen.stage, isUnsure }
}

/** The life of an order: the stage it is in from each moment on. */
type Life = { lasts: number; stage: Stage }[]
const life: fc.Arbitrary<Life> = fc.array(
  fc.record({ lasts: fc.integer({ min: 1, max: 20 }), stage: fc.constantFrom(...stages) }),
  { minLength: 2, maxLength: 10, size: 'max' },
)

function stageAt(order: Life, moment: number): Stage {
  let left = moment
  for (const { lasts, stage } of order) {
    if (left < lasts) return stage
    left -= lasts
  }
  return order.at(-1)?.stage ?? 'new'
}
const lengthOf = (order: Life) => order.reduce((sum, { lasts }) => sum + lasts, 0)
const lastChangeOf = (order: Life) => lengthOf(order) - (order.at(-1)?.lasts ?? 0)

function readAt(order: Life, at: number, { before = 0.4, after = 0.4 } = {}): Read {
  return { at, seen: { stage: stageAt(order, at) }, startedAt: at - before, endedAt: at + after }
}

/** One look at some part of the life, answered slowly or quickly, arriving never, once or several times. */
const look = fc.record({
  part: fc.integer({ min: 0, max: 1000 }),
  before: fc.integer({ min: 0, max: 12 }),
  after: fc.integer({ min: 0, max: 12 }),
  arrivals: fc.array(fc.nat(1000), { maxLength: 3 }),
})

/** Reads of a life as they come in: doubled, lost, late and out of order. */
const mangled = fc
  .tuple(life, fc.array(look, { minLength: 3, maxLength: 25, size: 'max' }))
  .map(([order, looks]) => {
    const arriving = looks.flatMap(({ part, before, after, arrivals }) => {
      // No two looks begin or end at quite the same moment.
      const read = readAt(order, (part / 1000) * lengthOf(order), {
        before: before + 0.25,
        after: after + 0.25,
      })
      return arrivals.map((when) => ({ when, read }))
    })
    return { order, reads: arriving.sort((one, other) => one.when - other.when).map(({ read }) => read) }
  })

const many = { numRuns: 2000 }

describe('however reads are doubled, lost, late and out of order', () => {
  test('the stage is in the end the one of a last look, and old news asks for no other', () => {
    fc.assert(
      fc.property(mangled, ({ order, reads }) => {
        const last = readAt(order, lengthOf(order) + 300)
        const { stage, told, isUnsure } = follow([...reads, last, ...reads])
        assert.equal(stage, last.seen.stage)
        assert.equal(told.at(-1)?.read.seen.stage, stage)
        assert.ok(!isUnsure)
      }),
      many,
    )
  })

  test('the same reads in any other order end at the same stage', () => {
    const twoOrders = mangled.chain((world) =>
      fc.tuple(fc.constant(world), fc.shuffledSubarray(world.reads, { minLength: world.reads.length })),
    )
    fc.assert(
      fc.property(twoOrders, ([{ order, reads }, shuffled]) => {
        const [one, other] = [reads, shuffled].map((each) => {
          let now = lengthOf(order) + 300
          return follow([...each, readAt(order, now)], () => {
            now += 10
            return readAt(order, now)
          })
        })
        assert.equal(one?.stage, other?.stage)
      }),
      many,
    )
  })

  test('a last stage that was once seen is never lost, when what is unsure is read again', () => {
    fc.assert(
      fc.property(mangled, ({ order, reads }) => {
        fc.pre(reads.some(({ at }) => at >= lastChangeOf(order)))
        let now = lengthOf(order) + 300
        const { stage } = follow(reads, () => {
          now += 10
          return readAt(order, now)
        })
        assert.equal(stage, order.at(-1)?.stage)
      }),
      many,
    )
  })

  test('no stage is told twice in a row, and each begins where the one before ended', () => {
    fc.assert(
      fc.property(mangled, ({ reads }) => {
        const { told } = follow(reads)
        for (const [index, { from, read }] of told.entries()) {
          assert.equal(from, told[index - 1]?.read.seen.stage)
          assert.notEqual(from, read.seen.stage)
        }
      }),
      many,
    )
  })

  test('time never goes back: what is told is newer than all that was told and than all known to be older', () => {
    fc.assert(
      fc.property(mangled, ({ reads }) => {
        const { told } = follow(reads)
        for (const [index, { read }] of told.entries()) {
          const before = told[index - 1]?.read
          assert.ok(!before || read.at > before.at, 'it was true after what was told before')
          const cameBefore = reads.slice(0, reads.indexOf(read))
          assert.ok(!cameBefore.some(({ startedAt }) => startedAt > read.endedAt), 'nothing newer had come')
        }
      }),
      many,
    )
  })

  test('reads that come in order tell every stage that was read, jumps back too', () => {
    fc.assert(
      fc.property(life, (order) => {
        const looks = Array.from({ length: lengthOf(order) }, (_, moment) => readAt(order, moment))
        const { told } = follow(looks)
        const passed = order.map(({ stage }) => stage).filter((stage, at, all) => stage !== all[at - 1])
        assert.deepEqual(
          told.map(({ read }) => read.seen.stage),
          passed,
        )
      }),
    )
  })

  test('two reads at once that differ ask for a third', () => {
    const both: Read[] = [
      { at: 9, seen: { stage: 'assigned' }, startedAt: 0, endedAt: 10 },
      { at: 5, seen: { stage: 'new' }, startedAt: 5, endedAt: 6 },
    ]
    assert.ok(follow(both).isUnsure)
    const third: Read = { at: 11, seen: { stage: 'new' }, startedAt: 11, endedAt: 12 }
    assert.equal(follow([...both, third]).stage, 'new')
  })
})
