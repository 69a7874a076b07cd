/** Orders without a dispatcher: the plugin in a house of its own beside a dispatch program in memory. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { type Caller as CallerOfCore, definePlugin, Type } from '#core/plugin.ts'
import type {
  CallerCard,
  CrewPosition,
  Dispatch,
  DispatchVerb,
  Order,
  OrderDraft,
  Pickups,
} from '#core/ports/dispatch.ts'
import { startTestApp, type TestAppOptions } from '../../test/support/test-app.ts'
import { settled } from '../../test/support/test-clock.ts'
import { distance } from './drivers.ts'
import { plugin } from './plugin.ts'

const client = '+380671234567'
const landline = '+380442345678'
const here = { latitude: 50.45, longitude: 30.52 }
const drivers = ['+380500000001', '+380500000002', '+380500000003']

/** Takes each key once, as the port promises. */
function openCompany() {
  const orders = new Map<string, { id: string; draft: OrderDraft }>()
  const assigned: [string, string][] = []
  const company = {
    orders,
    assigned,
    pickups: { past: [] } as Pickups,
    card: { kind: 'client', category: 'normal', orders: 0, clientId: '7' } as CallerCard,
    free: 3,
    stage: 'new' as Order['stage'],
    isBroken: false,
    /** What `createOrder` waits for before it answers. */
    pause: undefined as Promise<void> | undefined,
    made: () => [...orders.values()].map(({ draft }) => draft.stops[0].address),
  }
  const verbs: DispatchVerb[] = ['createOrder', 'pickupsOf', 'crewsNear', 'crewPositions', 'driverPhones']
  const dispatch: Partial<Dispatch> = {
    capabilities: new Set<DispatchVerb>([...verbs, 'assignDriver', 'findOrder']),
    identify: async () => company.card,
    pickupsOf: async () => company.pickups,
    crewsNear: async () => ({ free: company.free, busy: 0 }),
    findOrder: async (id) => ({ id, stage: company.stage, state: { id: '1', name: 'new' } }),
    driverPhones: async (callSign) => ({ mobile: drivers[Number(callSign) - 1] ?? '' }),
    crewPositions: async () =>
      [3, 1, 2].map(
        (number): CrewPosition => ({
          crewId: `${100 + number}`,
          callSign: `${number}`,
          state: 'waiting',
          at: { latitude: here.latitude + number / 100, longitude: here.longitude },
        }),
      ),
    async assignDriver(order, crewId) {
      assigned.push([order, crewId])
      return 'assigned'
    },
    async createOrder(draft) {
      if (company.isBroken) throw new Error('it is away')
      const known = orders.get(draft.key)
      const order = known ?? { id: `${orders.size + 1}`, draft }
      orders.set(draft.key, order)
      await company.pause
      return { outcome: known ? 'already-there' : 'created', order: order.id }
    },
  }
  return { company, dispatch }
}

async function open(t: TestContext, settings: object = {}, lines?: TestAppOptions['lines']) {
  const { company, dispatch } = openCompany()
  const app = await startTestApp(t, { plugin, settings, dispatch, ...(lines && { lines }) })
  const again = () =>
    startTestApp(t, {
      plugin,
      settings,
      dispatch,
      folder: app.folder,
      clock: app.clock,
      exchange: app.exchange,
    })
  return { company, app, again }
}
type Caller = Awaited<ReturnType<Awaited<ReturnType<typeof open>>['app']['ring']>>
const heardBy = (caller: Caller) => caller.leg.heard.map((name) => name.replace('auto-order.', ''))

test('a venue orders by one key, to its own address', async (t) => {
  const venues = [{ phone: '0671234567', address: 'Restaurant Dnipro', passenger: 'the porter' }]
  const { app, company } = await open(t, { venues })
  const caller = await app.ring({ from: client })
  assert.deepEqual(caller.hearing(), ['auto-order.carTo', 'auto-order.oneKey'])
  await caller.presses('1')
  await caller.hears()
  assert.equal(heardBy(caller).at(-1), 'ordered')
  const [order] = [...company.orders.values()]
  assert.deepEqual(
    [order?.draft.phone, order?.draft.stops, order?.draft.passenger],
    [client, [{ address: 'Restaurant Dnipro' }], 'the porter'],
  )
  assert.deepEqual(app.factsNamed('call.about-order')[0]?.data.order, '1')
  assert.match(app.factsNamed('call.ended')[0]?.data.result ?? '', /served/)
})

test('who showed a discount card before orders as its client, by its tariff', async (t) => {
  const { company, dispatch } = openCompany()
  company.pickups = { past: [{ address: 'Sadova 5', orders: 1 }] }
  const card = definePlugin({
    name: 'card',
    about: 'Everybody shows a card.',
    settings: Type.Object({}),
    start({ reception }) {
      const greet = async (caller: CallerOfCore) => caller.chose({ client: '55', tariff: '2', discount: '3' })
      reception.screen(() => ({ greet, because: 'test' }))
    },
  })
  const lines = [{ number: '*', name: 'main', screens: ['card', 'auto-order'] }]
  const app = await startTestApp(t, { plugin, dispatch, beside: [card], lines })
  const caller = await app.ring({ from: client })
  await caller.presses('1')
  await caller.hears()
  const [order] = [...company.orders.values()]
  assert.deepEqual([order?.draft.clientId, order?.draft.tariffId], ['55', '2'])
})

test('whoever dials the line of a place is there, and gets the tariff of that line', async (t) => {
  const lines = [{ number: '100', name: 'station', venue: 'Railway station', tariff: '2' }]
  const { app, company } = await open(t, {}, lines)
  const caller = await app.ring({ from: client, to: '100' })
  await caller.presses('1')
  await caller.hears()
  assert.deepEqual(company.made(), ['Railway station'])
  assert.equal([...company.orders.values()][0]?.draft.tariffId, '2')
})

test('a known landline is offered its own address first, a mobile where it was picked up last', async (t) => {
  const { app, company } = await open(t)
  company.pickups = { home: { address: 'Home 1' }, past: [{ address: 'Work 2', orders: 3 }] }
  for (const [from, address] of [
    [landline, 'Home 1'],
    [client, 'Work 2'],
  ] as const) {
    const caller = await app.ring({ from })
    await caller.presses('1')
    await caller.hears()
    assert.equal(company.made().at(-1), address)
  }
})

test('key 3 lets him choose among his addresses', async (t) => {
  const { app, company } = await open(t)
  company.pickups = {
    home: { address: 'Home 1' },
    past: [
      { address: 'Work 2', orders: 3 },
      { address: 'Mother 3', orders: 1 },
    ],
  }
  const caller = await app.ring({ from: client })
  await caller.presses('3')
  assert.deepEqual(caller.hearing(), ['auto-order.addressKey', 'auto-order.addressKey'])
  await caller.presses('1')
  await caller.hears()
  assert.deepEqual(company.made(), ['Mother 3'])
})

test('key 2 and silence lead to an operator, and nothing is ordered', async (t) => {
  const { app, company } = await open(t, { venues: [{ phone: client, address: 'Here' }] })
  const presses = await app.ring({ from: client })
  await presses.presses('2')
  assert.equal(await presses.reaches(), 'operators')
  const silent = await app.ring({ from: client })
  for (let time = 0; time < 3; time += 1) {
    await silent.hears()
    await app.clock.advance(6_000)
  }
  assert.equal(await silent.reaches(), 'operators')
  assert.deepEqual(company.made(), [])
})

test('strangers, drivers and callers with an order are left to others', async (t) => {
  const { app, company } = await open(t)
  const stranger = await app.ring({ from: client })
  assert.equal(await stranger.reaches(), 'operators')
  company.pickups = { past: [{ address: 'Work 2', orders: 3 }] }
  for (const card of [
    { kind: 'driver' },
    { orders: 1 },
    { isLocked: true },
    { category: 'black' },
  ] as const) {
    company.card = { kind: 'client', category: 'normal', orders: 0, ...card }
    const caller = await app.ring({ from: client })
    assert.equal(await caller.reaches(), 'operators')
    assert.deepEqual(heardBy(caller), [])
  }
})

test('without a free car he is asked before anything is promised', async (t) => {
  const { app, company } = await open(t, {
    venues: [{ phone: client, address: 'Here', latitude: 50, longitude: 30 }],
  })
  company.free = 0
  const caller = await app.ring({ from: client })
  await caller.presses('1')
  assert.deepEqual([caller.hearing(), company.made()], [['auto-order.noCarFree'], []])
  await caller.presses('1')
  await caller.hears()
  assert.deepEqual(company.made(), ['Here'])
})

test('two calls at once make one order; another car is made only when he says so', async (t) => {
  const { app, company } = await open(t, { venues: [{ phone: client, address: 'Here' }] })
  const callers = [await app.ring({ from: client }), await app.ring({ from: client })] as const
  const release = Promise.withResolvers<void>()
  company.pause = release.promise
  await Promise.all(callers.map((caller) => caller.presses('1')))
  release.resolve()
  await settled()
  assert.deepEqual(company.made(), ['Here'])
  assert.deepEqual(
    callers.map((caller) => caller.hearing()),
    [['auto-order.ordered'], ['auto-order.orderedBefore', 'auto-order.anotherKey']],
  )
  await callers[1].presses('1')
  await callers[1].hears()
  assert.deepEqual(company.made(), ['Here', 'Here'])
})

test('an order that is over is no hindrance to the next', async (t) => {
  const { app, company } = await open(t, { venues: [{ phone: client, address: 'Here' }] })
  const order = async () => {
    const caller = await app.ring({ from: client })
    await caller.presses('1')
    await caller.hears()
    return heardBy(caller).at(-1)
  }
  assert.equal(await order(), 'ordered')
  company.stage = 'cancelled_client'
  assert.equal(await order(), 'ordered')
  assert.equal(company.made().length, 2)
})

test('killed while the order is being made: the next life makes none more and tells him that it is taken', async (t) => {
  const { app, again, company } = await open(t, { venues: [{ phone: client, address: 'Here' }] })
  const caller = await app.ring({ from: client })
  const never = Promise.withResolvers<void>()
  company.pause = never.promise
  await caller.presses('1')
  assert.equal(company.made().length, 1)
  const dying = app.die()
  never.reject(new Error('killed'))
  await dying

  company.pause = undefined
  const next = await again()
  await settled()
  const another = await next.ring({ from: client })
  await another.presses('1')
  await settled()
  assert.equal(company.made().length, 1)
  assert.deepEqual(another.hearing(), ['auto-order.orderedBefore', 'auto-order.anotherKey'])
})

test('a dispatch program that is away: an operator, and the next call makes the one order', async (t) => {
  const { app, company } = await open(t, { venues: [{ phone: client, address: 'Here' }] })
  company.isBroken = true
  const caller = await app.ring({ from: client })
  await caller.presses('1')
  assert.equal(await caller.reaches(), 'operators')
  company.isBroken = false
  const next = await app.ring({ from: client })
  await next.presses('1')
  await settled()
  assert.deepEqual(company.made(), ['Here'])
})

test('in a small town the nearest free driver who answers talks to him and gets the order', async (t) => {
  const { app, company } = await open(t, {
    venues: [{ phone: client, address: 'Here', ...here }],
    smallTown: { isOn: true },
  })
  app.exchange.phones.set(drivers[0] ?? '', 'busy')
  app.exchange.phones.set(drivers[1] ?? '', 'answers')
  app.exchange.phones.set(drivers[2] ?? '', 'answers')
  const caller = await app.ring({ from: client })
  await caller.presses('1')
  await caller.hears()
  await settled()
  assert.equal(app.factsNamed('call.talking')[0]?.data.with, drivers[1])
  assert.deepEqual(company.assigned, [['1', '102']])
})

test('in a small town where no driver answers an operator does', async (t) => {
  const { app, company } = await open(t, {
    venues: [{ phone: client, address: 'Here', ...here }],
    smallTown: { isOn: true, drivers: 2 },
  })
  for (const driver of drivers) app.exchange.phones.set(driver, 'busy')
  const caller = await app.ring({ from: client })
  await caller.presses('1')
  await caller.hears()
  assert.equal(await caller.reaches(), 'operators')
  assert.deepEqual(company.assigned, [])
  assert.equal(company.made().length, 1)
})

test('two callers are never given to one driver at once', async (t) => {
  const other = '+380671234568'
  const { app } = await open(t, {
    venues: [client, other].map((phone) => ({ phone, address: `Here ${phone}`, ...here })),
    smallTown: { isOn: true },
  })
  for (const driver of drivers) app.exchange.phones.set(driver, 'answers')
  for (const from of [client, other]) {
    const caller = await app.ring({ from })
    await caller.presses('1')
    await caller.hears()
    await settled()
  }
  assert.deepEqual(
    app.factsNamed('call.talking').map(({ data }) => data.with),
    [drivers[0], drivers[1]],
  )
})

test('distances are those of a globe', () => {
  assert.ok(Math.abs(distance(here, { ...here, latitude: here.latitude + 1 }) - 111.2) < 0.1)
  assert.equal(distance(here, here), 0)
})
