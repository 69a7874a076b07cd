import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FactData, Stamped } from '#core/call-bus/events.ts'
import { results } from '../../../status-callback/results.ts'
import { told } from './story.ts'
import { en } from './words/en.ts'
import { pl } from './words/pl.ts'
import { ru } from './words/ru.ts'
import { uk } from './words/uk.ts'

function tell(words: typeof en, data: Partial<FactData<'order.client-called'>>) {
  const fact: Stamped<'order.client-called'> = {
    id: 1,
    at: new Date(2026, 0, 15, 14).getTime(),
    name: 'order.client-called',
    data: { rule: 'arrived', attempt: 1, result: 'busy', by: 'status-callback', ...data },
  }
  return told(fact, { words, toPhone: (number) => number, direction: 'out' })
}

test('a call about an order is told in words: what came of it, and when the next one follows', () => {
  const nextAt = new Date(2026, 0, 15, 14, 0, 45).getTime()
  assert.deepEqual(tell(en, { order: '77', nextAt }), {
    shape: 'ended',
    sentence: 'Told the client about order 77: busy; the next try is at 14:00:45',
    by: 'calls about orders',
  })
})

test('every result of such a call has its words in every language', () => {
  for (const words of [en, pl, ru, uk]) {
    const sentences = results.map((result) => tell(words, { result }).sentence)
    assert.equal(new Set(sentences).size, results.length)
    for (const sentence of sentences) assert.doesNotMatch(sentence, /_|client-called|undefined/)
  }
})
