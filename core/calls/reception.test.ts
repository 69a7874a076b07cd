import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import pino from 'pino'
import { openTestClock } from '../../test/support/test-clock.ts'
import { openCallBus } from '../call-bus/call-bus.ts'
import type { Call, FirstPhones } from './call.ts'
import { openReception, type Verdict } from './reception.ts'

const silent = pino({ level: 'silent' })

type Behaviour = Exclude<Verdict, { talk: unknown }> | 'throws' | 'rejects' | 'never'

const anyBehaviour: fc.Arbitrary<{ behaves: Behaviour; isSlow: boolean }> = fc.record({
  behaves: fc.oneof(
    fc.constant('welcome' as const),
    fc.constantFrom('throws' as const, 'rejects' as const, 'never' as const),
    fc.record({ prefer: fc.nat({ max: 100 }), because: fc.string() }),
    fc.record({
      first: fc.record({ phones: fc.array(fc.string()), seconds: fc.nat() }),
      because: fc.string(),
    }),
    fc.record({ sendTo: fc.string(), because: fc.string() }),
    fc.record({ refuse: fc.constant(undefined), because: fc.string() }),
  ),
  isSlow: fc.boolean(),
})

function judging({
  behaves,
  isSlow,
}: {
  behaves: Behaviour
  isSlow: boolean
}): () => Verdict | Promise<Verdict> {
  if (behaves === 'throws') {
    return () => {
      throw new Error('a bug')
    }
  }
  if (behaves === 'rejects') return () => Promise.reject(new Error('a bug'))
  if (behaves === 'never') return () => new Promise(() => undefined)
  return isSlow ? async () => behaves : () => behaves
}

test('every queue of verdicts ends in exactly one decision: the first, or the line’s fallback', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyBehaviour, { maxLength: 6 }), async (behaviours) => {
      const clock = openTestClock()
      const reception = openReception({ bus: openCallBus({ clock, log: silent }), clock, log: silent })
      const cleanup = new AsyncDisposableStack()
      const screens = behaviours.map((behaviour, index) => {
        reception.ownedBy(`p${index}`, cleanup).screen(judging(behaviour))
        return `p${index}`
      })
      const call = {
        id: 'c',
        line: { number: '*', name: 'main', language: 'en', screens, fallback: 'home' },
        signal: new AbortController().signal,
      } as unknown as Call

      let priority = 0
      const firsts: FirstPhones[] = []
      const deciding = reception.decide(call, {
        grant(wish) {
          if ('prefer' in wish) priority = Math.max(priority, wish.prefer)
          else firsts.push(wish.first)
        },
        greet: async () => true,
      })
      await clock.advance(2_000 * (behaviours.length + 1))
      const { by, decision } = (await deciding) ?? {}

      const first = behaviours.findIndex(
        ({ behaves }) => typeof behaves === 'object' && !('prefer' in behaves || 'first' in behaves),
      )
      const before = first === -1 ? behaviours : behaviours.slice(0, first)
      const expected =
        first === -1 ? { sendTo: 'home', because: 'nothing else was decided' } : behaviours[first]?.behaves
      assert.deepEqual(decision, expected)
      assert.equal(by, first === -1 ? 'core' : `p${first}`)
      const preferred = before.map(({ behaves }) =>
        typeof behaves === 'object' && 'prefer' in behaves ? behaves.prefer : 0,
      )
      assert.equal(priority, Math.max(0, ...preferred))
      const wished = before.flatMap(({ behaves }) =>
        typeof behaves === 'object' && 'first' in behaves ? [behaves.first] : [],
      )
      assert.deepEqual(firsts, wished)
      assert.equal(clock.pending, 0)
    }),
    { numRuns: 60 },
  )
})

test('a verdict counts only on lines that ask for it', async () => {
  const clock = openTestClock()
  const reception = openReception({ bus: openCallBus({ clock, log: silent }), clock, log: silent })
  reception
    .ownedBy('blacklist', new AsyncDisposableStack())
    .screen(() => ({ sendTo: 'nowhere', because: 'test' }))
  const line = { number: '*', name: 'main', language: 'en', screens: [], fallback: 'home' }
  const call = { id: 'c', line, signal: new AbortController().signal } as unknown as Call
  const { decision } =
    (await reception.decide(call, { grant: () => undefined, greet: async () => true })) ?? {}
  assert.deepEqual(decision, { sendTo: 'home', because: 'nothing else was decided' })
})

test('objections to ringing a number and last words end with their owner', async () => {
  const clock = openTestClock()
  const desk = openReception({ bus: openCallBus({ clock, log: silent }), clock, log: silent })
  const cleanup = new AsyncDisposableStack()
  const own = desk.ownedBy('blacklist', cleanup)
  own.objectToRinging((phone) => (phone === '+380671234567' ? 'black' : undefined))
  own.seeOff(() => async () => undefined)
  const other = desk.ownedBy('quality', new AsyncDisposableStack())
  assert.equal(other.objectionTo('+380671234567'), 'black')
  assert.equal(other.objectionTo('+380671234568'), undefined)
  assert.equal(desk.lastWordFor({} as never)?.by, 'blacklist')
  await cleanup.disposeAsync()
  assert.equal(other.objectionTo('+380671234567'), undefined)
  assert.equal(desk.lastWordFor({} as never), undefined)
})
