/** The part of the dispatch contract beyond callers and cancellations. Only what the program can is tried. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DispatchVerb, OrderDraft, Place } from '#core/ports/dispatch.ts'
import type { DispatchWorld } from './dispatch.ts'

const unhurried = () => AbortSignal.timeout(20_000)
const somewhere = { latitude: 50.41, longitude: 30.51 }
const stops: [Place, Place] = [
  { address: 'a', at: somewhere },
  { address: 'b', at: { latitude: 50.42, longitude: 30.52 } },
]

let drafts = 0
const nextKey = () => {
  drafts += 1
  return `contract-${drafts}`
}

type Verbs = Record<string, (signal: AbortSignal) => Promise<unknown>>

/** Every other verb of the port, asked once; each meets silence, absence and nonsense. */
export function questionsAndCommands(world: () => DispatchWorld): Verbs {
  const ask = () => world().dispatch
  const { phones } = { phones: () => world().phones }
  return {
    findOrders: (signal) => ask().findOrders(phones().client, signal),
    createOrder: (signal) =>
      ask().createOrder(
        { key: nextKey(), phone: phones().client, stops: [{ address: `${nextKey()} street` }] },
        signal,
      ),
    updateOrder: (signal) => ask().updateOrder('1', { comment: 'c' }, signal),
    changeStage: (signal) => ask().changeStage('1', 'arrived', signal),
    changeState: (signal) => ask().changeState('1', '10', signal),
    cancellationPenalty: (signal) => ask().cancellationPenalty('1', signal),
    findAccount: (signal) => ask().findAccount({ phone: phones().client }, signal),
    accountDetails: (signal) => ask().accountDetails({ of: 'driver', id: world().claims.driverId }, signal),
    checkClaim: (signal) => ask().checkClaim(world().claims.driver, signal),
    findDiscountCard: (signal) => ask().findDiscountCard(world().claims.client.login, signal),
    saveFeedback: (signal) => ask().saveFeedback({ phone: phones().client, mark: 5, text: 't' }, signal),
    takeOffLine: (signal) => ask().takeOffLine(world().claims.driverId, signal),
    findPlaces: (signal) => ask().findPlaces(world().address, signal),
    placeAt: (signal) => ask().placeAt(somewhere, signal),
    tariffs: (signal) => ask().tariffs(signal),
    tariffFor: (signal) => ask().tariffFor({ stops }, signal),
    costOf: (signal) => ask().costOf({ stops }, signal),
    attributes: (signal) => ask().attributes(signal),
    setAttribute: (signal) => ask().setAttribute({ id: '1', value: 1 }, signal),
    pickupsOf: (signal) => ask().pickupsOf({ phone: phones().client, clientId: '1' }, signal),
    assignDriver: (signal) => ask().assignDriver('1', '1', signal),
    runEvent: (signal) => ask().runEvent('event', { rise: 1 }, signal),
    crews: (signal) => ask().crews(signal),
    crewPositions: (signal) => ask().crewPositions(signal),
    crewsNear: (signal) => ask().crewsNear(somewhere, 1, signal),
    findCar: (signal) => ask().findCar('1', signal),
    driverPhones: (signal) => ask().driverPhones('1', signal),
    joinClientAndDriver: (signal) => ask().joinClientAndDriver('1', signal),
    sendSms: (signal) => ask().sendSms(phones().client, 'text', signal),
    raiseCard: (signal) => ask().raiseCard({ text: 'text' }, signal),
    attachRecording: (signal) => ask().attachRecording(recording(phones().client), signal),
  }
}

export function promisesOfMore(world: () => DispatchWorld, can: readonly DispatchVerb[]): void {
  const client = () => world().phones.client
  const ask = () => world().dispatch
  const draft = (key: string): OrderDraft => ({ key, phone: client(), stops: [{ address: `${key} street` }] })

  function promise(name: string, verb: DispatchVerb, run: () => Promise<void>) {
    if (can.includes(verb)) test(name, run)
  }

  promise('an order is created once for its key', 'createOrder', async () => {
    const key = nextKey()
    const before = world().ordersOf(client())
    const creations = await Promise.all(
      Array.from({ length: 3 }, () => ask().createOrder(draft(key), unhurried())),
    )
    assert.deepEqual(creations.map(({ outcome }) => outcome).sort(), [
      'already-there',
      'already-there',
      'created',
    ])
    assert.equal(new Set(creations.map((each) => each.outcome !== 'refused' && each.order)).size, 1)
    assert.equal(world().ordersOf(client()), before + 1)
  })

  promise('an order whose answer was lost is found again by its key', 'createOrder', async () => {
    const key = nextKey()
    const before = world().ordersOf(client())
    world().loseAnswerToCreation()
    await assert.rejects(ask().createOrder(draft(key), unhurried()))
    assert.equal((await ask().createOrder(draft(key), unhurried())).outcome, 'already-there')
    assert.equal(world().ordersOf(client()), before + 1)
  })

  promise('a barred client gets no order', 'createOrder', async () => {
    const barred = { ...draft(nextKey()), phone: world().phones.locked }
    assert.deepEqual(await ask().createOrder(barred, unhurried()), {
      outcome: 'refused',
      because: 'client-barred',
    })
  })

  promise('an order is changed, and one that never was is not', 'updateOrder', async () => {
    const id = await world().placeOrder(client(), 'searching')
    assert.deepEqual(await ask().updateOrder(id, { comment: 'x' }, unhurried()), { outcome: 'changed' })
    assert.deepEqual(await ask().updateOrder('999999', { comment: 'x' }, unhurried()), {
      outcome: 'refused',
      because: 'unknown-order',
    })
  })

  promise('an order is moved to a stage once', 'changeStage', async () => {
    const id = await world().placeOrder(client(), 'assigned')
    assert.deepEqual(await ask().changeStage(id, 'arrived', unhurried()), { outcome: 'moved' })
    assert.equal((await ask().findOrder(id, unhurried()))?.stage, 'arrived')
    assert.deepEqual(await ask().changeStage(id, 'arrived', unhurried()), { outcome: 'already-there' })
  })

  promise('a change of stage may be refused', 'changeStage', async () => {
    const id = await world().placeOrder(client(), 'client_in_car')
    assert.deepEqual(await ask().changeStage(id, 'new', unhurried()), {
      outcome: 'refused',
      because: 'not-from-this-state',
    })
  })

  promise('all orders of a number are found, those dialled on it too', 'findOrders', async () => {
    assert.deepEqual(await ask().findOrders(client(), unhurried()), [])
    const ids = [
      await world().placeOrder(client(), 'searching'),
      await world().placeOrder(client(), 'arrived'),
    ]
    const orders = await ask().findOrders(client(), unhurried())
    assert.deepEqual(
      orders.map(({ id, stage }) => [id, stage]),
      [
        [ids[0], 'searching'],
        [ids[1], 'arrived'],
      ],
    )
  })

  promise('a cancellation tells its price and takes another', 'cancellationPenalty', async () => {
    const id = await world().placeOrder(client(), 'arrived')
    assert.ok((await ask().cancellationPenalty(id, unhurried())) > 0)
    assert.equal(await ask().cancelOrder(id, unhurried(), { penalty: 0 }), 'cancelled')
  })

  promise('balances are told by number and by id', 'findAccount', async () => {
    const account = await ask().findAccount({ phone: client() }, unhurried())
    assert.equal(account?.of, 'client')
    const same = await ask().findAccount({ clientId: account?.id ?? '' }, unhurried())
    assert.equal(same?.balance, account?.balance)
    const driver = await ask().findAccount({ phone: world().phones.driver }, unhurried())
    assert.equal(driver?.of, 'driver')
    assert.equal(
      (await ask().findAccount({ driverId: driver?.id ?? '' }, unhurried()))?.balance,
      driver?.balance,
    )
    assert.equal(await ask().findAccount({ phone: world().phones.stranger }, unhurried()), undefined)
  })

  promise('more is told of an account by whom it belongs to', 'accountDetails', async () => {
    const ofDriver = await ask().findAccount({ phone: world().phones.driver }, unhurried())
    const driver = await ask().accountDetails({ of: 'driver', id: ofDriver?.id ?? '' }, unhurried())
    assert.deepEqual(Object.keys(driver).sort(), ['lastOperationAt', 'priority', 'shiftStartedAt'])
    const { id = '' } = (await ask().findAccount({ phone: client() }, unhurried())) ?? {}
    const ofClient = await ask().accountDetails({ of: 'client', id }, unhurried())
    assert.deepEqual(Object.keys(ofClient), ['lastOperationAt'])
    assert.deepEqual(await ask().accountDetails({ of: 'client', id: '999999' }, unhurried()), {})
  })

  promise('a claim is true only with its PIN or password', 'checkClaim', async () => {
    const { claims } = world()
    const { driver, driverId, client: his } = claims
    assert.deepEqual(await ask().checkClaim(driver, unhurried()), { driverId })
    assert.equal(await ask().checkClaim({ ...driver, pin: '00000' }, unhurried()), undefined)
    assert.equal(await ask().checkClaim({ ...driver, callSign: '999' }, unhurried()), undefined)
    const account = await ask().findAccount({ phone: client() }, unhurried())
    assert.deepEqual(await ask().checkClaim(his, unhurried()), { clientId: account?.id })
    assert.equal(await ask().checkClaim({ ...his, password: '0' }, unhurried()), undefined)
  })

  promise('a discount card names its client, and another number nobody', 'findDiscountCard', async () => {
    const { login, password } = world().claims.client
    const card = await ask().findDiscountCard(login, unhurried())
    assert.ok(card?.hasPassword)
    assert.deepEqual(await ask().checkClaim({ login, password }, unhurried()), { clientId: card.clientId })
    assert.equal(await ask().findDiscountCard('999999', unhurried()), undefined)
  })

  promise('the mark of a client is written down', 'saveFeedback', async () => {
    const feedback = { phone: client(), mark: 4, text: 'Чисто & тихо', order: '7' }
    await ask().saveFeedback(feedback, unhurried())
    assert.deepEqual(world().told.feedback().at(-1), feedback)
  })

  promise('the phone of an employee is told from that of his company', 'findAccount', async () => {
    const { corporate, employee } = world().phones
    const company = await ask().findAccount({ phone: corporate }, unhurried())
    const his = await ask().findAccount({ phone: employee }, unhurried())
    assert.deepEqual([company?.employeeId, his?.id], [undefined, company?.id])
    assert.ok(his?.employeeId)
  })

  promise('a driver is taken off the line once', 'takeOffLine', async () => {
    const { claims } = world()
    const first = await ask().takeOffLine(claims.driverId, unhurried())
    assert.ok(first === 'taken' || first === 'already-off')
    assert.equal(await ask().takeOffLine(claims.driverId, unhurried()), 'already-off')
  })

  promise('places are found, and nothing found is nothing', 'findPlaces', async () => {
    const [place] = await ask().findPlaces(world().address, unhurried())
    assert.ok(place?.at)
    assert.deepEqual(await ask().findPlaces('nowhere at all', unhurried()), [])
    assert.ok((await ask().placeAt(place.at, unhurried()))?.address)
    assert.equal(await ask().placeAt({ latitude: 0, longitude: 0 }, unhurried()), undefined)
  })

  promise('a trip has a tariff and a price', 'costOf', async () => {
    const [place] = await ask().findPlaces(world().address, unhurried())
    assert.ok(place)
    const trip = { stops: [{ address: world().address }, place] as [Place, Place] }
    const tariffId = await ask().tariffFor(trip, unhurried())
    assert.ok((await ask().tariffs(unhurried())).some(({ id }) => id === tariffId))
    const cost = await ask().costOf({ ...trip, tariffId: tariffId ?? '' }, unhurried())
    assert.equal(
      cost?.parts.reduce((sum, part) => sum + part.sum, 0),
      cost?.sum,
    )
    assert.equal(await ask().costOf({ stops: [{ address: 'nowhere at all' }] }, unhurried()), undefined)
  })

  promise('a client is picked up where he was picked up before', 'pickupsOf', async () => {
    const phone = client()
    const before = await ask().pickupsOf({ phone }, unhurried())
    const id = await world().placeOrder(phone, 'client_in_car')
    assert.deepEqual(await ask().pickupsOf({ phone }, unhurried()), before)
    const pickup = (await ask().findOrder(id, unhurried()))?.pickup
    assert.equal((await ask().changeStage(id, 'done', unhurried())).outcome, 'moved')
    const { past } = await ask().pickupsOf({ phone }, unhurried())
    assert.deepEqual([past[0]?.address, past[0]?.orders], [pickup, 1])
  })

  promise('an order goes to the driver it is given to', 'assignDriver', async () => {
    const id = await world().placeOrder(client(), 'searching')
    const [crew] = await ask().crews(unhurried())
    assert.equal(await ask().assignDriver(id, crew?.id ?? '', unhurried()), 'assigned')
    assert.equal((await ask().findOrder(id, unhurried()))?.stage, 'assigned')
  })

  promise('a script that is not there is not run', 'runEvent', async () => {
    assert.equal(await ask().runEvent('no such event', {}, unhurried()), 'refused')
  })

  promise('an attribute keeps what it was set to', 'setAttribute', async () => {
    const [first] = await ask().attributes(unhurried())
    assert.ok(first)
    assert.equal(await ask().setAttribute({ id: first.id, value: -7 }, unhurried()), 'set')
    const values = await ask().attributes(unhurried())
    assert.equal(values.find(({ id }) => id === first.id)?.value, -7)
    assert.equal(await ask().setAttribute({ id: '999', value: 1 }, unhurried()), 'refused')
  })

  promise('crews, their cars, phones and places are known', 'crews', async () => {
    const crew = (await ask().crews(unhurried())).find(({ carId }) => carId)
    assert.ok(crew?.isOnLine && crew.callSign)
    assert.ok((await ask().findCar(crew.carId ?? '', unhurried()))?.plate)
    assert.equal(await ask().findCar('999999', unhurried()), undefined)
    assert.ok((await ask().driverPhones(crew.callSign, unhurried()))?.mobile?.startsWith('+'))
    assert.equal(await ask().driverPhones('999', unhurried()), undefined)
    const position = (await ask().crewPositions(unhurried())).find(({ crewId }) => crewId === crew.id)
    assert.ok(position?.at.latitude && position.seenAt)
    assert.ok((await ask().crewsNear(position.at, 5, unhurried())).free > 0)
  })

  promise('an SMS goes out', 'sendSms', async () => {
    await ask().sendSms(client(), 'Машина подана: белый Logan & 5 мин', unhurried())
    assert.deepEqual(world().told.sms().at(-1), {
      phone: client(),
      text: 'Машина подана: белый Logan & 5 мин',
    })
  })

  promise('a card is shown', 'raiseCard', async () => {
    const order = await world().placeOrder(client(), 'arrived')
    assert.equal(await ask().raiseCard({ text: 'Клиент ждёт', order }, unhurried()), 'shown')
    assert.equal(world().told.cards().at(-1)?.text, 'Клиент ждёт')
  })

  promise('the progress of a call-back is told', 'reportCallBack', async () => {
    const order = await world().placeOrder(client(), 'arrived')
    const all = ['accepted', 'started', 'delivered', 'busy', 'no-answer', 'failed'] as const
    for (const progress of all) {
      await ask().reportCallBack({ order, called: 'client', progress }, unhurried())
    }
    assert.deepEqual(world().told.callBacks(order), [...all])
  })

  promise('client and driver are joined only when there is a driver', 'joinClientAndDriver', async () => {
    const withDriver = await world().placeOrder(client(), 'arrived')
    assert.equal(await ask().joinClientAndDriver(withDriver, unhurried()), 'asked')
    const without = await world().placeOrder(client(), 'searching')
    assert.equal(await ask().joinClientAndDriver(without, unhurried()), 'refused')
  })

  promise('a recording is attached', 'attachRecording', async () => {
    assert.ok(await ask().attachRecording(recording(client()), unhurried()))
    assert.equal(world().told.recordings().at(-1), recording(client()).file)
  })
}

function recording(phone: string) {
  return {
    id: 'call-1',
    phone,
    file: '\\\\pbx\\records\\1.wav',
    startedAt: Date.UTC(2026, 0, 15, 12),
    seconds: 42.4,
    direction: 'incoming',
    result: 'answered',
  } as const
}
