import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { CallbusError } from '#core/errors.ts'
import type { Account, AccountOwner, Claim, Dispatch } from '#core/ports/dispatch.ts'
import { dispatchVerbs } from '#core/ports/without-dispatch.ts'
import { startTestApp, type TestAppOptions } from '../../test/support/test-app.ts'
import { plugin } from './plugin.ts'

const line = '+380443334457'
const driver = '+380501112233'
const stranger = '+380990000001'
const account: Account = { of: 'driver', id: '12', balance: -120.5 }
const yesterday = Date.UTC(2026, 0, 14, 9)
const heard = { driver: ['balance-ivr.debt', 'balance-ivr.keys'] }

interface World {
  settings?: object
  accountOf?: (owner: AccountOwner, signal: AbortSignal) => Promise<Account | undefined>
  dispatch?: Partial<Dispatch>
  kept?: Pick<TestAppOptions, 'folder' | 'after'>
}

async function open(t: TestContext, { settings, accountOf, dispatch, kept }: World = {}) {
  const app = await startTestApp(t, {
    plugin,
    ...kept,
    settings: { lines: [line], ...settings },
    dispatch: {
      capabilities: new Set(dispatchVerbs),
      identify: async () => ({ kind: 'unknown', category: 'normal', orders: 0 }),
      findAccount:
        accountOf ??
        (async (owner) => ('phone' in owner ? (owner.phone === driver ? account : undefined) : account)),
      accountDetails: async () => ({}),
      checkClaim: async (claim) => (isRight(claim) ? { driverId: '12' } : undefined),
      ...dispatch,
    },
  })
  const ring = (from?: string, to = line) => app.ring({ to, ...(from !== undefined && { from }) })
  const told = () => app.factsNamed('call.told').map(({ data }) => data)
  return { app, ring, told }
}

function isRight(claim: Claim): boolean {
  return 'callSign' in claim ? claim.callSign === '7' && claim.pin === '4321' : claim.password === '2401'
}

type Ringing = Awaited<ReturnType<Awaited<ReturnType<typeof open>>['ring']>>

async function types(caller: Ringing, keys: string) {
  for (const key of keys) await caller.presses(key)
}

/** A driver without a known phone: who he is, call sign, PIN. */
async function proves(caller: Ringing, callSign: string, pin: string) {
  await types(caller, `${callSign}#`)
  await types(caller, `${pin}#`)
}

test('a driver known by his number hears his debt at once, and what else is known', async (t) => {
  const { app, ring, told } = await open(t, {
    dispatch: {
      accountDetails: async () => ({
        lastOperationAt: yesterday,
        shiftStartedAt: Date.UTC(2026, 0, 15, 6, 30),
        priority: 3,
      }),
    },
  })
  const caller = await ring(driver)
  assert.deepEqual(caller.hearing(), [
    'balance-ivr.debt',
    'balance-ivr.lastOperation',
    'balance-ivr.shift',
    'balance-ivr.priority',
    'balance-ivr.keys',
  ])
  await caller.hears()
  await app.clock.advance(5_000)
  await caller.hears()
  assert.equal(app.factsNamed('call.ended')[0]?.data.result, 'self_served')
  assert.ok(told().some(({ saying, heard }) => saying === 'balance-ivr.debt' && heard))
})

test('no sum stands in any fact or log line', async (t) => {
  const { app, ring, told } = await open(t)
  const caller = await ring(driver)
  await caller.hears()
  assert.deepEqual(told().map(({ text }) => text)[0], '•••')
  assert.doesNotMatch(JSON.stringify([app.facts, app.logged]), /hundred|120/)
  const [offered] = app.factsNamed('call.offered')
  const story = await app.journal.storyOf(offered?.data.call ?? '')
  assert.ok(story.length > 3)
  assert.doesNotMatch(JSON.stringify(story), /hundred|120\.5/)
})

test('key 9 says it again, key 0 brings an operator, a driver his own', async (t) => {
  const { app, ring } = await open(t, { settings: { driversPlace: 'drivers' } })
  const caller = await ring(driver)
  await caller.presses('9')
  assert.deepEqual(caller.hearing(), heard.driver)
  await caller.presses('0')
  await caller.hears()
  const { data } = app.factsNamed('call.failed')[0] ?? {}
  assert.match(data?.because ?? '', /drivers/, 'he was sent to the drivers’ place, which this house lacks')
  assert.equal(await caller.reaches(), 'operators')
})

test('nothing personal is said before a code is right, and its digits are nowhere', async (t) => {
  const { app, ring, told } = await open(t)
  const caller = await ring(stranger)
  assert.deepEqual(caller.hearing(), ['balance-ivr.whoAreYou'])
  await caller.presses('1')
  await proves(caller, '7', '9999')
  assert.deepEqual(caller.hearing(), ['balance-ivr.wrong'])
  assert.ok(!told().some(({ saying }) => saying === 'balance-ivr.debt'))
  await caller.hears()
  await proves(caller, '7', '4321')
  assert.deepEqual(caller.hearing(), heard.driver)
  assert.doesNotMatch(JSON.stringify([app.facts, app.logged]), /4321|9999/)
  const keys = app.factsNamed('call.key-pressed').map(({ data }) => data.key)
  assert.deepEqual(new Set(keys), new Set(['1', '•']))
})

test('a client proves himself by contract and password', async (t) => {
  const { ring } = await open(t, {
    settings: { withCode: ['client'] },
    accountOf: async (owner) =>
      'clientId' in owner ? { of: 'client', id: '12', balance: 5, bonus: 2 } : undefined,
    dispatch: { checkClaim: async (claim) => (isRight(claim) ? { clientId: '12' } : undefined) },
  })
  const caller = await ring(stranger)
  assert.deepEqual(caller.hearing(), ['balance-ivr.login'])
  await proves(caller, '1001', '2401')
  assert.deepEqual(caller.hearing(), ['balance-ivr.balance', 'balance-ivr.bonus', 'balance-ivr.keys'])
})

test('three wrong codes in a call lead to an operator, and so does a star or silence', async (t) => {
  const { app, ring } = await open(t, { settings: { withCode: ['driver'] } })
  const wrong = await ring(stranger)
  for (const _ of [1, 2, 3]) {
    await proves(wrong, '7', '0000')
    await wrong.hears()
  }
  assert.equal(await wrong.reaches(), 'operators')

  const star = await ring(stranger)
  await types(star, '*#')
  assert.equal(await star.reaches(), 'operators')

  const silent = await ring(stranger)
  await silent.hears()
  await app.clock.advance(5_000)
  assert.equal(await silent.reaches(), 'operators')
})

test('attempts are limited over calls of one number, also over a restart and a hang-up before the answer', async (t) => {
  const settings = { withCode: ['driver'], attempts: { perNumber: 2, within: 60 } }
  let asked = 0
  const dispatch: Partial<Dispatch> = {
    checkClaim: (_, signal) => {
      asked += 1
      return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    },
  }
  const { app, ring } = await open(t, { settings, dispatch })
  for (const _ of [1, 2]) {
    const caller = await ring(stranger)
    await proves(caller, '7', '0000')
    await caller.hangsUp()
  }
  await app.close()
  const next = await open(t, { settings, dispatch, kept: { folder: app.folder, after: 60_000 } })
  const again = await next.ring(stranger)
  await proves(again, '7', '4321')
  assert.deepEqual(again.hearing(), ['balance-ivr.tooManyTries'])
  assert.equal(asked, 2)
  assert.equal(await again.reaches(), 'operators')

  await next.app.clock.advance(60 * 60_000)
  const later = await next.ring(stranger)
  await proves(later, '7', '4321')
  assert.equal(asked, 3)
})

test('one call sign is not guessed from many numbers', async (t) => {
  const { ring } = await open(t, { settings: { withCode: ['driver'], attempts: { perCode: 2 } } })
  for (const from of ['+380990000002', '+380990000003']) {
    const caller = await ring(from)
    await proves(caller, '7', '0000')
    await caller.hangsUp()
  }
  const caller = await ring()
  await proves(caller, '7', '4321')
  assert.deepEqual(caller.hearing(), ['balance-ivr.tooManyTries'])
})

test('a right code does not count against whoever typed it', async (t) => {
  const { ring } = await open(t, { settings: { withCode: ['driver'], attempts: { perNumber: 1 } } })
  for (const _ of [1, 2, 3]) {
    const caller = await ring(stranger)
    await proves(caller, '7', '4321')
    assert.deepEqual(caller.hearing(), heard.driver)
    await caller.hangsUp()
  }
})

test('an employee hears the balance of his company only with the right', async (t) => {
  const ofCompany: Account = { of: 'client', id: '40', balance: 400, employeeId: '9001' }
  for (const [employees, first] of [
    ['none', 'balance-ivr.notForYou'],
    [['9002'], 'balance-ivr.notForYou'],
    [['9001'], 'balance-ivr.balance'],
    ['all', 'balance-ivr.balance'],
  ] as const) {
    const { ring } = await open(t, { settings: { employees }, accountOf: async () => ofCompany })
    const caller = await ring('+380670000041')
    assert.equal(caller.hearing()?.[0], first)
  }
})

for (const [how, accountOf] of Object.entries<NonNullable<World['accountOf']>>({
  'is down': () => Promise.reject(new CallbusError('DISPATCH_UNREACHABLE', { reason: 'away' })),
  'does not answer': (_owner, signal) =>
    new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
})) {
  test(`when the dispatch program ${how}, he hears so and reaches an operator`, async (t) => {
    const { app, ring } = await open(t, { accountOf })
    const caller = await ring(driver)
    await app.clock.advance(3_000)
    assert.deepEqual(caller.hearing(), ['balance-ivr.nobodyKnows'])
    assert.equal(await caller.reaches(), 'operators')
  })
}

test('details that do not come do not keep the balance back', async (t) => {
  const { ring } = await open(t, { dispatch: { accountDetails: () => Promise.reject(new Error('down')) } })
  assert.deepEqual((await ring(driver)).hearing(), heard.driver)
})

test('where numbers are no proof, a known driver types his code too', async (t) => {
  const { ring } = await open(t, { settings: { trustNumber: [], withCode: ['driver'] } })
  assert.deepEqual((await ring(driver)).hearing(), ['balance-ivr.callSign'])
})

test('other lines are left alone, unless drivers hear it there too', async (t) => {
  const { app, ring } = await open(t)
  await (await ring(driver, '100')).reaches()
  assert.equal(app.factsNamed('call.told').length, 0)
  const identify = async () => ({ kind: 'driver', category: 'normal', orders: 0 }) as const
  const common = await open(t, { settings: { everyLine: ['driver'] }, dispatch: { identify } })
  assert.deepEqual((await common.ring(driver, '100')).hearing(), heard.driver)
})

test('a hang-up at any point leaves nothing behind', async (t) => {
  for (const keys of ['', '1', '17#', '17#4321#', '2', '*']) {
    const { app, ring } = await open(t)
    const caller = await ring(stranger)
    await types(caller, keys)
    await caller.hangsUp()
    assert.deepEqual(app.exchange.alive(), [], keys)
    assert.equal(app.factsNamed('call.failed').length, 0, keys)
  }
})

test('a balance beyond words brings an operator', async (t) => {
  for (const balance of [1e12, Number.NaN, Number.NEGATIVE_INFINITY]) {
    const { ring } = await open(t, { accountOf: async () => ({ ...account, balance }) })
    assert.deepEqual((await ring(driver)).hearing(), ['balance-ivr.nobodyKnows'], `${balance}`)
  }
})
