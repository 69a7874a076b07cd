import type { Clock } from '#core/clock.ts'

export interface HuntGroupOptions {
  phones: readonly string[]
  strategy: 'ring_all' | 'round_robin'
  /** Milliseconds. */
  restAfterMiss: number
  clock: Clock
}

/** A caller's place in the line; who is served first is decided by priority, then by arrival. */
export interface PlaceInLine extends Disposable {
  /** Resolves with phones reserved for this caller; each goes back with `release` or `missed`. */
  phones(signal: AbortSignal): Promise<string[]>
  /** 1 + those who would be served before. */
  position(): number
}

export interface HuntGroup {
  join(caller: { priority: number; since: number }): PlaceInLine
  /** The phones may ring again. */
  release(phones: readonly string[]): void
  /** The phones did not take the call: they rest, then may ring again. */
  missed(phones: readonly string[]): void
  /** The phone talks, whoever brought that about. */
  talks(phone: string): void
  hasFreePhone(): boolean
  waiting(): number
}

interface Waiting {
  priority: number
  since: number
  serve?: ((phones: string[]) => void) | undefined
}

/** Operator phones and the callers who wait for them. A phone is offered to one caller at a time. */
export function openHuntGroup({ phones, strategy, restAfterMiss, clock }: HuntGroupOptions): HuntGroup {
  const free = new Set(phones)
  const line: Waiting[] = []
  let lastOffered = -1

  function serveNext() {
    for (const waiting of line) {
      if (free.size === 0) return
      if (!waiting.serve) continue
      const offered = strategy === 'ring_all' ? [...free] : [nextInTurn()]
      for (const phone of offered) free.delete(phone)
      const serve = waiting.serve
      waiting.serve = undefined
      serve(offered)
    }
  }

  function nextInTurn(): string {
    for (let step = 1; step <= phones.length; step += 1) {
      const index = (lastOffered + step) % phones.length
      const phone = phones[index]
      if (phone !== undefined && free.has(phone)) {
        lastOffered = index
        return phone
      }
    }
    throw new Error('a free phone outside the group')
  }

  function release(back: readonly string[]) {
    for (const phone of back) if (phones.includes(phone)) free.add(phone)
    serveNext()
  }

  return {
    join({ priority, since }) {
      const waiting: Waiting = { priority, since }
      const index = line.findIndex(
        (each) => each.priority < priority || (each.priority === priority && each.since > since),
      )
      line.splice(index === -1 ? line.length : index, 0, waiting)
      return {
        async phones(signal) {
          signal.throwIfAborted()
          const { promise, resolve, reject } = Promise.withResolvers<string[]>()
          const leave = () => {
            waiting.serve = undefined
            reject(signal.reason)
          }
          signal.addEventListener('abort', leave, { once: true })
          waiting.serve = resolve
          serveNext()
          try {
            return await promise
          } finally {
            signal.removeEventListener('abort', leave)
          }
        },
        position: () => line.indexOf(waiting) + 1,
        [Symbol.dispose]() {
          const at = line.indexOf(waiting)
          if (at !== -1) line.splice(at, 1)
        },
      }
    },
    release,
    missed: (back) => void clock.after(restAfterMiss, () => release(back)),
    talks: (phone) => void free.delete(phone),
    hasFreePhone: () => free.size > 0,
    waiting: () => line.length,
  }
}
