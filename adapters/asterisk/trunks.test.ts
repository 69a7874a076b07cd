import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readTrunks, toEndpoint } from './trunks.ts'

const trunk = 'PJSIP/{number}@trunk'

/** The states of endpoints, and of each AOR of the same name what stands in its section. */
function exchange(states: Record<string, string>, aors: Record<string, Record<string, string>> = {}) {
  const tuples = (fields: Record<string, string>) =>
    Object.entries(fields).map(([attribute, value]) => ({ attribute, value }))
  return {
    async read<Value>(path: string) {
      const id = path.split('/').at(-1) ?? ''
      if (path.startsWith('endpoints/')) return (states[id] && { state: states[id] }) as Value | undefined
      if (path.includes('/endpoint/')) return tuples({ aors: id }) as Value
      const aor = aors[id]
      if (!aor) throw new Error('it does not tell')
      return tuples(aor) as Value
    },
  }
}

test('a line is its endpoint, where its way of dialling names one', () => {
  for (const [way, endpoint] of [
    ['PJSIP/{digits}@kyivstar', { technology: 'PJSIP', endpoint: 'kyivstar' }],
    ['SIP/{number}@a b', undefined],
    ['DAHDI/g0/{digits}', undefined],
    ['PJSIP/trunk/sip:{number}@host', undefined],
  ] as const) {
    assert.deepEqual(toEndpoint(way), endpoint, way)
  }
})

test('what the exchange says of its endpoints is what the lines are', async () => {
  const commands = exchange({ a: 'online', b: 'offline', c: 'unknown' })
  const trunks = {
    one: 'PJSIP/{number}@a',
    two: 'PJSIP/{number}@b',
    three: 'PJSIP/{number}@c',
    four: 'PJSIP/{number}@d',
    five: 'DAHDI/g0/{digits}',
  }
  const states = (await readTrunks({ commands, settings: { trunk, trunks } })).map((each) => [
    each.name,
    each.state,
    each.because !== undefined,
  ])
  assert.deepEqual(states, [
    ['one', 'up', false],
    ['two', 'down', true],
    ['three', 'unknown', true],
    ['four', 'down', true],
    ['five', 'unknown', true],
  ])
})

test('a line whose other end nobody asks is not called well', async () => {
  const contact = 'sip:sip.example.net'
  const commands = exchange(
    { asked: 'online', unasked: 'online', registers: 'online' },
    {
      asked: { contact, qualify_frequency: '60' },
      unasked: { contact, qualify_frequency: '0' },
      registers: { contact: '', qualify_frequency: '0' },
    },
  )
  const trunks = {
    asked: 'PJSIP/{number}@asked',
    unasked: 'PJSIP/{number}@unasked',
    registers: 'PJSIP/{number}@registers',
  }
  assert.deepEqual(await readTrunks({ commands, settings: { trunk, trunks } }), [
    { name: 'asked', state: 'up' },
    {
      name: 'unasked',
      state: 'unknown',
      because: 'nobody asks its other end; give AOR unasked a qualify_frequency',
    },
    { name: 'registers', state: 'up' },
  ])
})

test('a site that names no lines has one nevertheless', async () => {
  const commands = exchange({ trunk: 'online' })
  assert.deepEqual(await readTrunks({ commands, settings: { trunk, trunks: {} } }), [
    { name: 'trunk', state: 'up' },
  ])
})
