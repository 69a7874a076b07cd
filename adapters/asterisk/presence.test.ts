import assert from 'node:assert/strict'
import { test } from 'node:test'
import pino from 'pino'
import { settled } from '../../test/support/test-clock.ts'
import type { Commands } from './commands.ts'
import { openPresence } from './presence.ts'

test('what a phone tells while all are asked how they stand is newer than the answer', async () => {
  const answer = Promise.withResolvers<{ name: string; state: string }>()
  const reported: unknown[] = []
  const commands = {
    ask: async () => 'done',
    read: async (path: string) =>
      path.startsWith('endpoints/') ? [{ technology: 'PJSIP', resource: '101' }] : answer.promise,
  } as unknown as Commands
  const presence = openPresence({
    commands,
    report: (event) => void reported.push(event),
    settings: { app: 'callbus', extension: 'PJSIP/{extension}', trunk: 'PJSIP/{number}@trunk' },
    log: pino({ level: 'silent' }),
  })
  presence.connected()
  await settled()
  presence.hear({ name: 'PJSIP/101', state: 'NOT_INUSE' })
  answer.resolve({ name: 'PJSIP/101', state: 'RINGING' })
  await settled()
  assert.deepEqual(reported, [{ name: 'phone.changed', phone: '101', state: 'free' }])
})
