import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'
import { reasonOf } from '../errors.ts'
import type { FactData, FactName, Stamped } from './events.ts'

type Listener<Name extends FactName> = (data: FactData<Name>, fact: Stamped<Name>) => void | Promise<void>
type AnyListener = (fact: Stamped) => void | Promise<void>

/** Publish facts and listen to them. A slow or throwing listener harms nobody. */
export interface CallBus {
  publish<Name extends FactName>(name: Name, data: FactData<Name>): void
  /** The returned function takes the listener back. */
  on<Name extends FactName>(name: Name, listener: Listener<Name>): () => void
  onAny(listener: AnyListener): () => void
}

/** The house's own bus, which can also be cut into one bus per owner. */
export interface HouseBus extends CallBus {
  stamp<Name extends FactName>(name: Name, data: FactData<Name>): Stamped<Name>
  /** Publishes what is stamped, and resolves once all who listen have finished with it, however that ended. */
  tell(fact: Stamped): Promise<void>
  /** A bus whose listeners carry their owner's name in the log and end with the owner. */
  ownedBy(owner: string, cleanup: AsyncDisposableStack): CallBus
}

interface Subscription {
  owner: string
  hear: (fact: Stamped) => void | Promise<void>
}

interface Delivery {
  fact: Stamped
  /** Gathers what listeners are still busy with, for somebody who waits for them. */
  listening?: Promise<void>[]
  delivered?: () => void
}

/**
 * Every listener hears every fact in the order of publishing, also when a listener publishes while it
 * listens: the new fact waits until all have heard the present one.
 */
export function openCallBus(options: { clock: Clock; log: Logger; lastFactId?: number }): HouseBus {
  const { clock, log } = options
  const byName = new Map<FactName, Set<Subscription>>()
  const toAll = new Set<Subscription>()
  const queue: Delivery[] = []
  let lastId = options.lastFactId ?? 0
  let isDelivering = false

  function stamp<Name extends FactName>(name: Name, data: FactData<Name>) {
    return { id: ++lastId, at: clock.now(), name, data } as Stamped<Name>
  }

  function deliver(delivery: Delivery) {
    queue.push(delivery)
    if (isDelivering) return
    isDelivering = true
    for (let next = queue.shift(); next; next = queue.shift()) {
      for (const subscription of toAll) hand(subscription, next)
      for (const subscription of byName.get(next.fact.name) ?? []) hand(subscription, next)
      next.delivered?.()
    }
    isDelivering = false
  }

  async function tell(fact: Stamped) {
    const listening: Promise<void>[] = []
    await new Promise<void>((delivered) => deliver({ fact, listening, delivered }))
    await Promise.all(listening)
  }

  function hand(subscription: Subscription, { fact, listening }: Delivery) {
    try {
      const hearing = subscription.hear(fact)
      if (!(hearing instanceof Promise)) return
      const heard = hearing.catch((thrown: unknown) => blame(subscription, fact, thrown))
      listening?.push(heard)
    } catch (thrown) {
      blame(subscription, fact, thrown)
    }
  }

  function blame({ owner }: Subscription, fact: Stamped, thrown: unknown) {
    log.error(
      { listener: owner, fact: fact.name, reason: reasonOf(thrown), err: thrown },
      'A listener failed; the others heard the fact',
    )
  }

  function subscribe(set: Set<Subscription>, subscription: Subscription) {
    set.add(subscription)
    return () => void set.delete(subscription)
  }

  function listenersOf(owner: string): Pick<CallBus, 'on' | 'onAny'> {
    return {
      on(name, listener) {
        const set = byName.get(name) ?? new Set()
        byName.set(name, set)
        return subscribe(set, { owner, hear: (fact) => listener(fact.data as never, fact as never) })
      },
      onAny: (listener) => subscribe(toAll, { owner, hear: listener }),
    }
  }

  const publish: CallBus['publish'] = (name, data) => deliver({ fact: stamp(name, data) as Stamped })

  return {
    publish,
    stamp,
    tell,
    ...listenersOf('core'),

    ownedBy(owner, cleanup) {
      const { on, onAny } = listenersOf(owner)
      return {
        publish,
        on: (name, listener) => endingWith(cleanup, on(name, listener)),
        onAny: (listener) => endingWith(cleanup, onAny(listener)),
      }
    },
  }
}

function endingWith(cleanup: AsyncDisposableStack, takeBack: () => void) {
  cleanup.defer(takeBack)
  return takeBack
}
