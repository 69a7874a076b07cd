import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { stages } from '#core/ports/dispatch.ts'
import { type Known, nextKnown, type Told } from './stages.ts'

const Tellings = fc.array(
  fc.record({ stage: fc.constantFrom(...stages), at: fc.integer({ min: 1, max: 8 }) }),
  { minLength: 1, maxLength: 12 },
)

function hear(tellings: readonly Told[]) {
  let known: Known | undefined
  const moves: { from?: string; stage: string }[] = []
  for (const told of tellings) {
    const next = nextKnown(known, told)
    known = next.known
    if (next.outcome === 'moved') moves.push({ stage: told.stage, ...(next.from && { from: next.from }) })
  }
  return { known, moves }
}

test('in whatever order it is told, and however often, the stage in the end is the same', () => {
  fc.assert(
    fc.property(
      Tellings.chain((tellings) =>
        fc.tuple(
          fc.constant(tellings),
          fc.shuffledSubarray([...tellings, ...tellings], { minLength: tellings.length * 2 }),
        ),
      ),
      ([tellings, shuffled]) => {
        assert.deepEqual(hear(shuffled).known, hear(tellings).known)
      },
    ),
  )
})

test('no stage is told twice in a row, and each begins where the one before ended', () => {
  fc.assert(
    fc.property(Tellings, (tellings) => {
      const { moves } = hear(tellings)
      for (const [index, { from }] of moves.entries()) assert.equal(from, moves[index - 1]?.stage)
    }),
  )
})

test('without moments the last one told counts, a jump back too', () => {
  const { moves } = hear([{ stage: 'assigned' }, { stage: 'searching' }, { stage: 'searching' }])
  assert.deepEqual(moves, [{ stage: 'assigned' }, { stage: 'searching', from: 'assigned' }])
})

test('a moment later than one without is believed', () => {
  const { known } = hear([
    { stage: 'assigned', at: 1_000 },
    { stage: 'arrived' },
    { stage: 'done', at: 2_000 },
  ])
  assert.deepEqual(known, { stage: 'done', at: 2_000 })
})
