/**
 * What every dispatch adapter promises, whatever program is behind it. `open` starts the adapter against a
 * neighbour that can be told what to do; the suite closes it again. `can` are the verbs the program has.
 */
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import type {
  CallBackProgress,
  Dispatch,
  DispatchEvent,
  DispatchRequest,
  DispatchVerb,
  Stage,
} from '#core/ports/dispatch.ts'
import { dispatchVerbs } from '#core/ports/without-dispatch.ts'
import type { OrderId, Phone } from '#core/schema.ts'
import { promisesOfMore, questionsAndCommands } from './dispatch-more.ts'

/** The neighbour seen from outside, in our words. */
export interface DispatchWorld extends AsyncDisposable {
  dispatch: Dispatch
  /** What the adapter reported so far. */
  reported: readonly (DispatchEvent | DispatchRequest)[]
  phones: Record<
    'stranger' | 'client' | 'corporate' | 'employee' | 'driver' | 'black' | 'vip' | 'locked' | 'grey',
    Phone
  >
  /** Claims that are true: of a driver, who is not the one of `phones`, and of the client of `phones`. */
  claims: {
    driverId: string
    driver: { callSign: string; pin: string }
    client: { login: string; password: string }
  }
  /** Gives a client an order that has come this far. */
  placeOrder(phone: Phone, stage: Stage): Promise<OrderId>
  /** An order whose driver was chosen and has not agreed. */
  placeUnconfirmed(phone: Phone): Promise<OrderId>
  /** Takes every order away. */
  forgetOrders(): Promise<void>
  /** How many times the neighbour cancelled this order. */
  cancellations(id: OrderId): number
  /** What the neighbour was told by us. */
  told: {
    sms(): { phone: Phone; text: string }[]
    cards(): { text: string }[]
    callBacks(id: OrderId): CallBackProgress[]
    recordings(): string[]
    feedback(): { phone: Phone; mark: number; text: string; order: OrderId }[]
  }
  /** An address the neighbour knows, and the number of orders a number has there, ended ones too. */
  address: string
  ordersOf(phone: Phone): number
  /** Loses the answer to the next creation of an order, which is done nevertheless. */
  loseAnswerToCreation(): void
  /** Answers that nobody can read, by name; each is told to be the only answer until `recover`. */
  nonsense: Record<string, () => void>
  /** Keeps every answer back until `recover`. */
  hang(): void
  /** Moves the adapter's clock past the deadlines of what is being asked; by itself it never gets there. */
  passDeadlines(): void
  goDown(): Promise<void>
  recover(): Promise<void>
}

const told: readonly Stage[] = ['assigned', 'arrived', 'client_in_car']
const untold: readonly Stage[] = ['new', 'searching']
/** Nobody waits for these; they only keep a broken adapter from holding the suite. */
const unhurried = () => AbortSignal.timeout(20_000)

export function dispatchContract(
  name: string,
  open: () => Promise<DispatchWorld>,
  can: readonly DispatchVerb[] = dispatchVerbs,
): void {
  describe(`${name} keeps the promises of the dispatch port`, () => {
    let world: DispatchWorld
    before(async () => {
      world = await open()
    })
    after(() => world[Symbol.asyncDispose]())
    beforeEach(async () => {
      await world.recover()
      await world.forgetOrders()
    })

    const identify = (who: keyof DispatchWorld['phones']) =>
      world.dispatch.identify(world.phones[who], unhurried())
    const verbs: Record<string, (signal: AbortSignal) => Promise<unknown>> = {
      identify: (signal) => world.dispatch.identify(world.phones.client, signal),
      findOrder: (signal) => world.dispatch.findOrder('1', signal),
      cancelOrder: (signal) => world.dispatch.cancelOrder('1', signal),
      ...questionsAndCommands(() => world),
    }
    const answersWithoutData = [
      'sendSms',
      'raiseCard',
      'setAttribute',
      'updateOrder',
      'runEvent',
      'assignDriver',
      'saveFeedback',
    ]

    for (const [verb, ask] of Object.entries(verbs)) {
      if (!(can as readonly string[]).includes(verb)) continue
      test(`${verb} settles with the signal's reason once it aborts`, async () => {
        world.hang()
        const hangUp = new AbortController()
        const reason = new Error('the caller hung up')
        const asked = ask(hangUp.signal)
        setImmediate(() => hangUp.abort(reason))
        await assert.rejects(asked, reason)
      })

      test(`${verb} does not even begin for a caller who has gone`, async () => {
        const reason = new Error('gone before')
        await assert.rejects(ask(AbortSignal.abort(reason)), reason)
      })

      test(`${verb} gives up at its deadline`, async () => {
        world.hang()
        const late = assert.rejects(ask(unhurried()), { code: 'DISPATCH_LATE' })
        world.passDeadlines()
        await late
      })

      test(`${verb} says so when nobody is there, and works again afterwards`, async () => {
        await world.goDown()
        await assert.rejects(ask(unhurried()), { code: 'DISPATCH_UNREACHABLE' })
        await world.recover()
        await ask(unhurried())
      })

      test(`${verb} refuses every kind of nonsense with a code`, async () => {
        for (const [kind, speak] of Object.entries(world.nonsense)) {
          await world.recover()
          if (kind === 'wrong types' && answersWithoutData.includes(verb)) continue
          speak()
          await assert.rejects(ask(unhurried()), { code: 'DISPATCH_NONSENSE' }, `${verb} believed ${kind}`)
        }
      })
    }

    test('what it cannot do it says so', async () => {
      assert.deepEqual([...world.dispatch.capabilities].sort(), [...can].sort())
      for (const verb of dispatchVerbs) {
        if (world.dispatch.capabilities.has(verb)) continue
        const ask = world.dispatch[verb] as (...given: unknown[]) => Promise<unknown>
        await assert.rejects(ask({}, unhurried(), unhurried()), { code: 'DISPATCH_CANNOT' })
      }
    })

    promisesOfMore(() => world, can)

    test('the states come with stages', async () => {
      const states = await world.dispatch.states(unhurried())
      assert.ok(states.length > 0)
      assert.ok(states.some(({ stage }) => stage === 'done'))
      assert.ok(states.some(({ stage }) => stage === 'cancelled_client'))
    })

    test('a stranger is unknown and has no order', async () => {
      assert.deepEqual(await identify('stranger'), { kind: 'unknown', category: 'normal', orders: 0 })
    })

    test('a client without an order is a client', async () => {
      const { kind, clientId, orders, order } = await identify('client')
      assert.equal(kind, 'client')
      assert.ok(clientId)
      assert.deepEqual([orders, order], [0, undefined])
    })

    test('a corporate client, a driver, black, grey, VIP and locked callers are told apart', async () => {
      assert.equal((await identify('corporate')).kind, 'corporate')
      const driver = await identify('driver')
      assert.equal(driver.kind, 'driver')
      assert.ok(driver.driverId)
      assert.equal((await identify('black')).category, 'black')
      assert.equal((await identify('grey')).category, 'grey')
      assert.equal((await identify('vip')).isVip, true)
      assert.equal((await identify('locked')).isLocked, true)
      assert.equal((await identify('client')).isLocked, undefined)
    })

    for (const stage of [...untold, ...told]) {
      test(`a client with an order at "${stage}" is seen with it`, async () => {
        const id = await world.placeOrder(world.phones.client, stage)
        const { order, orders } = await identify('client')
        assert.equal(orders, 1)
        assert.equal(order?.id, id)
        assert.equal(order?.stage, stage)
        assert.equal(order?.phoneToDial, world.phones.client)
        assert.equal(order?.car !== undefined, told.includes(stage))
        assert.equal(order?.driverPhone !== undefined, told.includes(stage))

        const found = await world.dispatch.findOrder(id, unhurried())
        assert.equal(found?.stage, stage)
        assert.deepEqual(found?.car, order?.car)
        assert.deepEqual(found?.state, order?.state)
      })
    }

    test('no car is told before the driver has agreed', async () => {
      const id = await world.placeUnconfirmed(world.phones.client)
      for (const order of [
        (await identify('client')).order,
        await world.dispatch.findOrder(id, unhurried()),
      ]) {
        assert.equal(order?.stage, 'searching')
        assert.deepEqual([order?.car, order?.minutes, order?.driverPhone], [undefined, undefined, undefined])
      }
    })

    test('an order that never was is not found', async () => {
      assert.equal(await world.dispatch.findOrder('999999', unhurried()), undefined)
    })

    test('an order is cancelled once; the second time it was already', async () => {
      const id = await world.placeOrder(world.phones.client, 'assigned')
      assert.equal(await world.dispatch.cancelOrder(id, unhurried()), 'cancelled')
      assert.equal(await world.dispatch.cancelOrder(id, unhurried()), 'already-cancelled')
      assert.equal(world.cancellations(id), 1)
      assert.equal((await world.dispatch.findOrder(id, unhurried()))?.stage, 'cancelled_client')
      assert.equal((await identify('client')).order, undefined)
    })

    test('an order that has gone too far is not cancelled', async () => {
      const id = await world.placeOrder(world.phones.client, 'client_in_car')
      assert.equal(await world.dispatch.cancelOrder(id, unhurried()), 'refused')
      assert.equal((await world.dispatch.findOrder(id, unhurried()))?.stage, 'client_in_car')
    })

    test('the connection is reported when it goes and when it comes back', async () => {
      await identify('client')
      await world.goDown()
      await assert.rejects(identify('client'))
      await world.recover()
      await identify('client')
      const states = world.reported.flatMap((event) =>
        event.name === 'connection.changed' ? [event.state] : [],
      )
      assert.deepEqual(states.slice(-2), ['lost', 'connected'])
    })
  })
}
