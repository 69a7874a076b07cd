import type { Clock } from '#core/clock.ts'
import type { CallId } from '#core/schema.ts'

export interface HuntGroupOptions {
  phones: readonly string[]
  strategy: 'ring_all' | 'round_robin'
  /** Milliseconds. */
  restAfterMiss: number
  clock: Clock
}

/** A caller's place in the line; who is served first is decided by priority, then by arrival. */
export interface PlaceInLine extends Disposable {
  /** Resolves when phones are reserved for this caller. */
  ready(signal: AbortSignal): Promise<void>
  /** The reserved phones; each goes back with `release` or `missed`. Those never taken go back with the place. */
  take(): string[]
}

/** A phone is held by one call at a time; whoever held it before has no say any more. */
export interface HuntGroup {
  join(caller: { call: CallId; priority: number; since: number }): PlaceInLine
  /** Those of the phones that are of this group and free are held for the call; they go back like taken ones. */
  reserve(phones: readonly string[], by: CallId): string[]
  /** The phones may ring again. */
  release(phones: readonly string[], by: CallId): void
  /** The phones did not take the call: they rest, then may ring again. */
  missed(phones: readonly string[], by: CallId): void
  /** The phone talks, whoever brought that about. */
  talks(phone: string, by: CallId): void
  hasFreePhone(): boolean
}

interface Waiting {
  call: CallId
  priority: number
  since: number
  serve?: (() => void) | undefined
  reserved: string[]
}

/** Operator phones and the callers who wait for them. A phone is offered to one caller at a time. */
export function openHuntGroup({ phones, strategy, restAfterMiss, clock }: HuntGroupOptions): HuntGroup {
  const heldBy = new Map<string, CallId>()
  const isFree = (phone: string) => !heldBy.has(phone)
  const line: Waiting[] = []
  let lastOffered = -1

  function serveNext() {
    for (const waiting of line) {
      const free = phones.filter(isFree)
      if (free.length === 0) return
      if (!waiting.serve) continue
      const offered = strategy === 'ring_all' ? free : [nextInTurn()]
      for (const phone of offered) heldBy.set(phone, waiting.call)
      const serve = waiting.serve
      waiting.serve = undefined
      waiting.reserved = offered
      serve()
    }
  }

  function nextInTurn(): string {
    for (let step = 1; step <= phones.length; step += 1) {
      const index = (lastOffered + step) % phones.length
      const phone = phones[index]
      if (phone !== undefined && isFree(phone)) {
        lastOffered = index
        return phone
      }
    }
    throw new Error('a free phone outside the group')
  }

  function release(back: readonly string[], by: CallId) {
    for (const phone of back) if (heldBy.get(phone) === by) heldBy.delete(phone)
    serveNext()
  }

  return {
    join({ call, priority, since }) {
      const waiting: Waiting = { call, priority, since, reserved: [] }
      const index = line.findIndex(
        (each) => each.priority < priority || (each.priority === priority && each.since > since),
      )
      line.splice(index === -1 ? line.length : index, 0, waiting)
      return {
        async ready(signal) {
          signal.throwIfAborted()
          const { promise, resolve, reject } = Promise.withResolvers<void>()
          const leave = () => {
            waiting.serve = undefined
            reject(signal.reason)
          }
          signal.addEventListener('abort', leave, { once: true })
          waiting.serve = resolve
          serveNext()
          try {
            await promise
          } finally {
            signal.removeEventListener('abort', leave)
          }
        },
        take: () => waiting.reserved.splice(0),
        [Symbol.dispose]() {
          const at = line.indexOf(waiting)
          if (at !== -1) line.splice(at, 1)
          release(waiting.reserved.splice(0), call)
        },
      }
    },
    reserve(wanted, by) {
      const held = phones.filter((phone) => wanted.includes(phone) && isFree(phone))
      for (const phone of held) heldBy.set(phone, by)
      return held
    },
    release,
    missed: (back, by) => void clock.after(restAfterMiss, () => release(back, by)),
    talks: (phone, by) => void heldBy.set(phone, by),
    hasFreePhone: () => phones.some(isFree),
  }
}
