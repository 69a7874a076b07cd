import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readTrunks, toEndpointPath } from './trunks.ts'

test('a line is its endpoint, where its way of dialling names one', () => {
  for (const [way, path] of [
    ['PJSIP/{digits}@kyivstar', 'endpoints/PJSIP/kyivstar'],
    ['SIP/{number}@a b', undefined],
    ['DAHDI/g0/{digits}', undefined],
    ['PJSIP/trunk/sip:{number}@host', undefined],
  ] as const) {
    assert.equal(toEndpointPath(way), path, way)
  }
})

test('what the exchange says of its endpoints is what the lines are', async () => {
  const known: Record<string, string> = { a: 'online', b: 'offline', c: 'unknown' }
  const read = async (path: string) => {
    const state = known[path.split('/').at(-1) ?? '']
    return state === undefined ? undefined : { state }
  }
  const trunks = {
    one: 'PJSIP/{number}@a',
    two: 'PJSIP/{number}@b',
    three: 'PJSIP/{number}@c',
    four: 'PJSIP/{number}@d',
    five: 'DAHDI/g0/{digits}',
  }
  assert.deepEqual(await readTrunks({ commands: { read: read as never }, trunks }), [
    { name: 'one', state: 'up' },
    { name: 'two', state: 'down' },
    { name: 'three', state: 'unknown' },
    { name: 'four', state: 'down' },
    { name: 'five', state: 'unknown' },
  ])
})
