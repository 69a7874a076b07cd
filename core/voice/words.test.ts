import assert from 'node:assert/strict'
import { test } from 'node:test'
import { constantsOf, defineWords, type Saying } from './words.ts'

const words = defineWords('greeter', {
  hello: { ru: 'Здравствуйте.', uk: 'Вітаємо.', pl: 'Dzień dobry.', en: 'Hello.' },
  wait: {
    ru: ({ minutes, who }: { minutes: number; who?: string }) => `${who ?? 'Ждите'}: ${minutes}`,
    uk: ({ minutes }) => `Чекайте: ${minutes.toFixed(0)}`,
    pl: ({ minutes, who }) => `${who?.toUpperCase()}: ${minutes}`,
    en: 'Please wait.',
  },
})

test('a text without blanks is said in the language of whoever listens', () => {
  const hello: Saying = words.hello
  assert.equal(hello.name, 'greeter.hello')
  assert.equal(hello.in('pl'), 'Dzień dobry.')
})

test('blanks are filled in each language by its own rules', () => {
  const wait: Saying = words.wait({ minutes: 3, who: 'ada' })
  assert.equal(wait.name, 'greeter.wait')
  assert.equal(wait.in('ru'), 'ada: 3')
  assert.equal(wait.in('uk'), 'Чекайте: 3')
  assert.equal(wait.in('pl'), 'ADA: 3')
  assert.equal(wait.in('en'), 'Please wait.')
})

test('texts without blanks can be told from the others', () => {
  assert.deepEqual(constantsOf(words), [words.hello])
})

test('the compiler refuses a missing language, an unknown word and a wrong blank', () => {
  // @ts-expect-error Polish and English are missing
  defineWords('greeter', { bye: { ru: 'До свидания.', uk: 'До побачення.' } })
  // @ts-expect-error there is no such word
  assert.equal(words.bye, undefined)
  // @ts-expect-error minutes are a number
  assert.equal(words.wait({ minutes: 'three' }).in('ru'), 'Ждите: three')
})
