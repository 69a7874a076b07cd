import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FactData, FactName } from '#core/call-bus/events.ts'
import type { Stamped } from './api.ts'
import { offeredTo, withOffer, withOperator } from './floor.ts'
import type { Operator, Queue } from './work-api.ts'

const fact = <Name extends FactName>(name: Name, data: FactData<Name>, at = 2_000) =>
  ({ id: at, at, name, data }) as unknown as Stamped
const olena: Operator = {
  id: 'olena',
  name: 'Олена',
  user: 'olena',
  state: 'not_ready',
  reason: 'lunch',
  since: 1_000,
  flags: [],
}
const queue: Queue = {
  name: 'operators',
  strategy: { is: 'ring_all' },
  isChanged: false,
  atWork: 1,
  waiting: [],
}
const of = { call: 'c', entry: 'e', queue: 'operators' }

test('a fact moves its operator and nobody else; the reason of before is gone', () => {
  const taras = { ...olena, id: 'taras' }
  const moved = withOperator(
    [olena, taras],
    fact('operator.changed', { operator: 'olena', state: 'ready', extension: '105' }),
  )
  const { reason: _, ...rest } = olena
  assert.deepEqual(moved, [{ ...rest, state: 'ready', since: 2_000, extension: '105' }, taras])
})

test('what he asked for during a call is shown until the call is over', () => {
  const asked = { ...olena, state: 'ringing', next: 'signed_out' } as const
  const talking = withOperator([asked], fact('operator.changed', { operator: 'olena', state: 'talking' }))
  assert.equal(talking[0]?.next, 'signed_out')
  const gone = fact('operator.changed', { operator: 'olena', state: 'signed_out' }, 3_000)
  assert.equal(withOperator(talking, gone)[0]?.next, undefined)
})

test('a fact older than the list of the house moves nobody', () => {
  const late = fact('operator.changed', { operator: 'olena', state: 'ready' }, 500)
  assert.deepEqual(withOperator([olena], late), [olena])
})

test('who is offered a caller is known until he does something else or the caller leaves', () => {
  const entered = fact('queue.entered', { ...of, position: 1, priority: 0 })
  const offered = fact('queue.offered', { ...of, operator: 'olena', extension: '101' })
  const rings = [entered, entered, offered, offered].reduce(withOffer, [queue] as readonly Queue[])
  assert.equal(rings[0]?.waiting.length, 1)
  assert.equal(offeredTo('olena', rings), 'c')
  assert.equal(offeredTo('taras', rings), undefined)

  const ringing = fact('operator.changed', { operator: 'olena', state: 'ringing' })
  assert.equal(offeredTo('olena', withOffer(rings, ringing)), 'c')
  const ready = fact('operator.changed', { operator: 'olena', state: 'ready' })
  assert.equal(offeredTo('olena', withOffer(rings, ready)), undefined)
  const left = fact('queue.left', { ...of, outcome: 'answered', seconds: 1 })
  assert.deepEqual(withOffer(rings, left), [queue])
})
