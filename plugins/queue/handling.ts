/** How much of an operator's time each call took, also when he had two at once. */
import type { Moment } from '#core/schema.ts'
import type { Operator } from './crew.ts'
import type { Talking } from './operator-state.ts'
import type { Waiting, WaitingQueue } from './waiting-queue.ts'

export interface Handling {
  /** A queue's caller has taken an operator so many milliseconds. */
  learn(queue: string, spent: number): void
  /** He turned to another call, or one of two is over. */
  turnOver(operator: Operator, was: Talking, now: Moment): void
}

export function openHandling({
  queues,
  entries,
}: {
  queues: ReadonlyMap<string, WaitingQueue>
  entries: ReadonlyMap<string, Waiting>
}): Handling {
  function learn(queue: string, spent: number) {
    queues.get(queue)?.knowledge.talked(spent / 1_000)
  }

  /** Of two calls each has had the time in which he was not with the other. */
  function turnOver(operator: Operator, was: Talking, now: Moment) {
    const { state, serving, heldServing } = operator
    if (state.is === 'wrap_up' || state.since === was.since) {
      const isHeldOver = was.second?.is === 'held' && (state.is !== 'talking' || state.second?.is !== 'held')
      if (!isHeldOver) return
      if (heldServing) learn(heldServing.queue, heldServing.spent)
      operator.heldServing = undefined
    } else if (state.is === 'talking' && state.second?.is === 'held') {
      operator.heldServing = serving && { queue: serving.queue, spent: now - serving.since }
      operator.serving = undefined
    } else {
      if (serving) learn(serving.queue, now - serving.since)
      const rings = state.is === 'ringing' ? entries.get(state.entry) : undefined
      const offer = rings?.offers.get(operator.profile.id)
      if (offer) offer.isOnSecondLine = false
      const next = rings ?? heldServing
      operator.serving = next && { queue: next.queue, since: now - (heldServing?.spent ?? 0) }
      operator.heldServing = undefined
    }
  }

  return { learn, turnOver }
}
