import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { type CallerCard, type Card, type Dispatch, type Order, stages } from '#core/ports/dispatch.ts'
import { startTestApp } from '../../test/support/test-app.ts'
import { settled } from '../../test/support/test-clock.ts'
import { plugin } from './plugin.ts'

const client = '+380671234567'
const onItsWay: Order = {
  id: '77',
  stage: 'driver_on_way',
  state: { id: '7', name: 'Водитель принял' },
  car: { colour: 'белый', make: 'Toyota', plate: 'АА1234ВВ' },
  minutes: 5,
}
const searching: Order = { id: '77', stage: 'searching', state: { id: '1', name: 'Принят' } }
const minute = 60_000

async function open(
  t: TestContext,
  first: Order,
  given: { dispatch?: Partial<Dispatch>; settings?: object } = {},
) {
  const desk = { order: first as Order | undefined }
  const cards: Card[] = []
  const card = (): CallerCard => ({
    kind: 'client',
    category: 'normal',
    orders: 1,
    ...(desk.order && { order: desk.order }),
  })
  const app = await startTestApp(t, {
    plugin,
    settings: given.settings ?? {},
    dispatch: {
      capabilities: new Set(['raiseCard']),
      identify: async () => card(),
      findOrder: async () => desk.order,
      async raiseCard(shown) {
        cards.push(shown)
        return 'shown'
      },
      ...given.dispatch,
    },
  })
  const waiting = () => app.factsNamed('call.waiting').at(-1)?.data
  const told = () => app.factsNamed('call.told').map(({ data }) => data.text)
  return { app, desk, cards, waiting, told }
}

test('a second call about the same order goes to a person at once, sooner than others, with the reason', async (t) => {
  const { app, cards, waiting } = await open(t, onItsWay)
  const first = await app.ring({ from: client })
  await first.hangsUp()

  const second = await app.ring({ from: client })
  assert.equal(await second.reaches(), 'operators')
  assert.deepEqual(second.leg.heard, [])
  const { because, priority } = waiting() ?? {}
  assert.deepEqual({ because, priority }, { because: 'call 2 about order 77', priority: 20 })
  assert.deepEqual(
    cards.map(({ order, text }) => ({ order, text })),
    [{ order: '77', text: 'Calls about this order: 2.' }],
  )
})

test('a call about another order is a first call again', async (t) => {
  const { app, desk } = await open(t, onItsWay)
  await (await app.ring({ from: client })).hangsUp()
  desk.order = { ...onItsWay, id: '78' }
  const caller = await app.ring({ from: client })
  assert.deepEqual(caller.hearing(), ['order-status.carComing', 'order-status.keysWithoutDriver'])
})

test('a promise whose minute has passed brings a person, however new the minutes that are told now', async (t) => {
  const { app, desk, waiting, cards } = await open(t, onItsWay, { settings: { voiceCalls: 5 } })
  await (await app.ring({ from: client })).hangsUp()

  await app.clock.advance(6 * minute)
  const inTime = await app.ring({ from: client })
  assert.ok(inTime.hearing(), 'within the grace the voice still answers')
  await inTime.hangsUp()

  await app.clock.advance(minute)
  desk.order = { ...onItsWay, minutes: 9 }
  const caller = await app.ring({ from: client })
  assert.equal(await caller.reaches(), 'operators')
  assert.equal(waiting()?.because, 'order 77 was promised for 14:05 and the car is not there')
  assert.equal(waiting()?.priority, 20)
  assert.equal(cards[0]?.text, 'The car was promised for 14:05 and is not there.')
})

test('a car that waits has kept its promise', async (t) => {
  const { app, desk } = await open(t, onItsWay, { settings: { voiceCalls: 5 } })
  await (await app.ring({ from: client })).hangsUp()
  await app.clock.advance(20 * minute)
  desk.order = { ...onItsWay, stage: 'arrived' }
  const caller = await app.ring({ from: client })
  assert.deepEqual(caller.hearing(), ['order-status.arrived', 'order-status.keysWithoutDriver'])
})

test('minutes count down while a caller listens, and are read again when they are old', async (t) => {
  const reads: string[] = []
  const { app, told } = await open(t, onItsWay, {
    settings: { freshFor: 120, patience: 30, repeats: 5 },
    dispatch: {
      async findOrder(id) {
        reads.push(id)
        return { ...onItsWay, minutes: 8 }
      },
    },
  })
  const caller = await app.ring({ from: client })
  await app.clock.advance(90_000)
  await caller.presses('9')
  assert.match(told()[0] ?? '', /in five minutes/)
  assert.deepEqual(reads, [])
  await app.clock.advance(60_000)
  await caller.presses('9')
  assert.deepEqual(reads, ['77'])
  await caller.hangsUp()
  const minutesTold = told().flatMap((text) => /in (\w+) minutes/.exec(text)?.[1] ?? [])
  assert.deepEqual(minutesTold, ['five', 'four', 'eight'])
})

test('minutes that were not known at first are asked for again soon', async (t) => {
  const { minutes: _unknown, ...justAssigned } = onItsWay
  const { app, desk, told } = await open(t, { ...justAssigned, stage: 'assigned' })
  const caller = await app.ring({ from: client })
  desk.order = onItsWay
  await app.clock.advance(4_000)
  await caller.presses('9')
  await caller.hangsUp()
  assert.match(told()[0] ?? '', /^Your taxi is on its way\./)
  assert.match(told()[2] ?? '', /in five minutes/)
})

for (const [how, findOrder] of Object.entries({
  'is down': () => Promise.reject(new Error('down')),
  'does not answer': (_id: string, signal: AbortSignal) =>
    new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
})) {
  test(`a dispatch program that ${how} while it is asked again leaves what was known, counted down`, async (t) => {
    const { app, told } = await open(t, onItsWay, { dispatch: { findOrder } })
    const caller = await app.ring({ from: client })
    await app.clock.advance(2 * minute)
    await caller.presses('9')
    await app.clock.advance(1_500)
    assert.deepEqual(caller.hearing(), ['order-status.carComing', 'order-status.keysWithoutDriver'])
    await caller.hangsUp()
    assert.match(told().at(-2) ?? '', /in three minutes/)
  })
}

test('an order that moved on while the caller listened is left to a person', async (t) => {
  const { app, desk, waiting } = await open(t, onItsWay)
  const caller = await app.ring({ from: client })
  desk.order = { ...onItsWay, stage: 'client_in_car' }
  await app.clock.advance(30_000)
  await caller.presses('9')
  assert.equal(await caller.reaches(), 'operators')
  assert.equal(waiting()?.because, 'the order has moved on')
})

test('who calls about an order for later hears when it is, and may ask as often as he likes', async (t) => {
  const { app, told } = await open(t, { ...searching, at: Date.UTC(2026, 0, 15, 16, 30) })
  for (const _call of [1, 2, 3]) {
    const caller = await app.ring({ from: client })
    assert.deepEqual(caller.hearing(), ['order-status.orderedFor', 'order-status.keysWithoutDriver'])
    await caller.hangsUp()
  }
  assert.equal(told()[0], 'Your taxi is ordered for today at six thirty in the evening.')
})

test('an order for later whose time has passed without a car is a broken promise', async (t) => {
  const { app, waiting } = await open(t, { ...searching, at: Date.UTC(2026, 0, 15, 12, 10) })
  const early = await app.ring({ from: client })
  assert.deepEqual(early.hearing(), ['order-status.orderedFor', 'order-status.keysWithoutDriver'])
  await early.hangsUp()
  await app.clock.advance(12 * minute)
  const late = await app.ring({ from: client })
  assert.equal(await late.reaches(), 'operators')
  assert.equal(waiting()?.because, 'order 77 was promised for 14:10 and the car is not there')
})

test('a broken table of tellings costs no caller his answer', async (t) => {
  const { app } = await open(t, onItsWay)
  await app.database.schema.dropTable('order_status_tellings').execute()
  const caller = await app.ring({ from: client })
  assert.ok(caller.hearing())
  await caller.hangsUp()
  assert.equal(
    app.logged.filter(
      ({ msg }) => msg === 'Something beside the conversation failed; the caller was served without it',
    ).length,
    2,
  )
})

test('a card that cannot be shown, or never is, keeps nobody waiting', async (t) => {
  for (const raiseCard of [
    () => Promise.reject(new Error('down')),
    () => new Promise<never>(() => undefined),
  ]) {
    const { app } = await open(t, onItsWay, { dispatch: { raiseCard }, settings: { voiceCalls: 0 } })
    const caller = await app.ring({ from: client })
    assert.equal(await caller.reaches(), 'operators')
  }
})

test('a hang-up while an order is read again, or on the way to a person, leaves nothing behind', async (t) => {
  const { app } = await open(t, onItsWay, {
    dispatch: {
      findOrder: (_id, signal) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    },
  })
  const timers = app.clock.pending
  const caller = await app.ring({ from: client })
  await app.clock.advance(30_000)
  await caller.presses('9')
  await caller.hangsUp()
  const again = await app.ring({ from: client })
  await again.hangsUp()
  await app.clock.advance(5_000)
  await settled()
  assert.deepEqual(app.exchange.alive(), [])
  assert.equal(app.factsNamed('call.failed').length, 0)
  assert.ok(app.clock.pending <= timers)
})

test('whatever the stage, a client who calls is answered by voice or reaches a person', async (t) => {
  for (const stage of stages) {
    const { app } = await open(t, { ...onItsWay, stage })
    const caller = await app.ring({ from: client })
    assert.ok(caller.hearing() ?? (await caller.reaches()), stage)
    await caller.hangsUp()
  }
})
