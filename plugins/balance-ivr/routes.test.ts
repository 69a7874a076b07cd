import assert from 'node:assert/strict'
import { test } from 'node:test'
import Fastify from 'fastify'
import type { Identity } from '#core/users/users.ts'
import { tellingRoutes } from './routes.ts'
import type { Telling } from './tellings.ts'

const telling: Telling = {
  call: 'c',
  at: 1,
  phone: '+380501112233',
  of: 'driver',
  id: '12',
  knownBy: 'number',
  balance: -120.5,
}

test('who was told his balance is shown, the sum and the number only to who may', async () => {
  for (const [rights, phone, balance] of [
    [['calls.read'], '+380*****2233', '•••'],
    [['calls.read', 'phones.read'], telling.phone, '•••'],
    [['calls.read', 'phones.read', 'balances.read'], telling.phone, -120.5],
  ] as const) {
    await using http = Fastify({ ajv: { customOptions: { coerceTypes: true } } })
    http.decorateRequest('who', null)
    http.addHook('onRequest', async (request) => {
      request.who = { rights: new Set(rights) } as unknown as Identity
    })
    const tellings = { note: async () => {}, list: async () => [telling], forget: async () => {} }
    http.register(tellingRoutes({ tellings }))
    const reply = await http.inject('/tellings')
    assert.deepEqual(reply.json(), { tellings: [{ ...telling, phone, balance }] })
  }
})
