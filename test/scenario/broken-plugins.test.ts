import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { definePlugin, type Plugin, type Services, Type } from '#core/plugin.ts'
import { words } from '../../plugins/order-status/words.ts'
import { needs } from '../support/needs.ts'
import { openCompany } from './company.ts'
import { sharedExchange } from './exchange.ts'

const skip = needs.asterisk() || needs.espeak()
const exchange = sharedExchange(after)
const from = '+380991112233'
const forever = new Promise<never>(() => {})

function broken(start: (services: Services) => void): Plugin {
  return definePlugin({
    name: 'broken',
    about: 'Breaks, for the test.',
    settings: Type.Object({}, { default: {} }),
    start,
  })
}

const oops = () => {
  throw new Error('a mistake in somebody’s plugin')
}

const cases: [name: string, plugin: Plugin, code: string][] = [
  ['throws while it looks at the call', broken(({ reception }) => reception.screen(oops)), 'SCREEN_FAILED'],
  [
    'rejects while it looks at the call',
    broken(({ reception }) => reception.screen(async () => oops())),
    'SCREEN_FAILED',
  ],
  [
    'never says what it thinks of the call',
    broken(({ reception }) => reception.screen(() => forever)),
    'SCREEN_LATE',
  ],
  [
    'throws at the beginning of its conversation',
    broken(({ reception }) => reception.screen(() => ({ talk: oops, because: 'test' }))),
    'CONVERSATION_FAILED',
  ],
  [
    'throws in the middle of its conversation',
    broken(({ reception }) =>
      reception.screen(() => ({
        async talk(caller) {
          await caller.say(words.searching)
          oops()
        },
        because: 'test',
      })),
    ),
    'CONVERSATION_FAILED',
  ],
  [
    'hangs in its conversation before it has answered',
    broken(({ reception }) => reception.screen(() => ({ talk: () => forever, because: 'test' }))),
    'CONVERSATION_FAILED',
  ],
  [
    'hangs in its conversation after a sentence, deaf to every signal',
    broken(({ reception }) =>
      reception.screen(() => ({
        async talk(caller) {
          await caller.say(words.searching)
          await forever
        },
        because: 'test',
      })),
    ),
    'CONVERSATION_FAILED',
  ],
  [
    'sends the caller to a place that does not exist',
    broken(({ reception }) => reception.screen(() => ({ sendTo: 'nowhere', because: 'test' }))),
    'PLACE_UNKNOWN',
  ],
]

for (const [name, plugin, code] of cases) {
  test(`a caller reaches an operator when a plugin ${name}`, { skip }, async () => {
    await using company = await openCompany(await exchange(), {
      plugins: [plugin],
      calls: { silenceDeadline: 1_000 },
    })
    const operator = await company.phone('101', { answers: 'at once', says: 500 })
    const caller = await company.ring({ from, says: 900 })
    const incoming = await operator.rung()
    await Promise.all([caller.hears(500), incoming.hears(900)])
    await company.fact('call.talking')
    const failures = company.factsNamed('call.failed').map(({ data }) => data)
    assert.deepEqual(
      failures.map((failure) => failure.code),
      [code],
    )
  })
}

test('the house opens and serves callers when a plugin does not start', { skip }, async () => {
  await using company = await openCompany(await exchange(), { plugins: [broken(oops)] })
  const operator = await company.phone('101')
  await company.ring({ from })
  await operator.rung()
})
