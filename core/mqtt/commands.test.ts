import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { openTestClock } from '../../test/support/test-clock.ts'
import { errorCodes } from '../errors.ts'
import { Type } from '../schema.ts'
import { defineCommand, houseCommands, openCommandBook, openCommandDesk } from './commands.ts'
import { type Message, openOutbox } from './outbox.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

const plain = { about: 'For the test.', right: 'commands.send', schema: Type.Object({}) } as const

function openDesk() {
  const hungUp: string[] = []
  const clock = openTestClock()
  const commands = [
    ...houseCommands({
      calls: {
        async hangUp(call) {
          hungUp.push(call)
          return true
        },
      },
    }),
    defineCommand({ ...plain, name: 'never.ends', handler: () => new Promise(() => {}) }),
    defineCommand({
      ...plain,
      name: 'breaks',
      handler: () => Promise.reject(new Error('the exchange went away')),
    }),
  ]
  return {
    desk: openCommandDesk({ commands: openCommandBook(commands), mayWith: undefined, clock }),
    hungUp,
    clock,
  }
}

test('any bytes under any name are answered with a code', async () => {
  const { desk, hungUp } = openDesk()
  const name = fc.oneof(fc.constantFrom('call.hang-up', 'breaks', '__proto__', 'constructor'), fc.string())
  const payload = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.json().map(bytes),
    fc
      .record({ id: fc.oneof(fc.uuid(), fc.anything()), call: fc.anything() })
      .map((each) => bytes(toJson(each))),
  )
  await fc.assert(
    fc.asyncProperty(name, payload, async (command, message) => {
      const before = hungUp.length
      const answer = await desk.answer(command, message)
      assert.match(answer.id, /^[A-Za-z0-9_.-]{1,64}$/)
      if (!answer.error) return assert.equal(command, 'call.hang-up')
      assert.ok((errorCodes as readonly string[]).includes(answer.error.code))
      assert.equal(hungUp.length, before)
    }),
    { numRuns: 500 },
  )
})

test('a handler that throws or never ends is answered, too', async () => {
  const { desk, clock } = openDesk()
  assert.equal((await desk.answer('breaks', bytes('{"id":"a"}'))).error?.code, 'COMMAND_FAILED')
  const endless = desk.answer('never.ends', bytes('{"id":"b"}'))
  await clock.advance(10_000)
  assert.equal((await endless).error?.code, 'COMMAND_FAILED')
  assert.equal(clock.pending, 0)
})

test('a broker that is away does not fill the memory: the oldest messages are given up and counted', async () => {
  const sent: Message[] = []
  let complaints = 0
  const outbox = openOutbox({
    send: async (message) => sent.push(message),
    keepAtMost: 3,
    onLost: () => {
      complaints += 1
    },
  })
  for (const payload of '12345') outbox.put({ topic: 't', payload, retain: false })
  assert.deepEqual([outbox.waiting, outbox.lost, complaints], [3, 2, 1])
  outbox.open()
  await outbox.emptied()
  assert.equal(sent.map(({ payload }) => payload).join(''), '345')
})

function toJson(value: unknown): string {
  return (
    JSON.stringify(value, (_key, each: unknown) => (typeof each === 'bigint' ? String(each) : each)) ?? ''
  )
}
