/** Operators and queues as this page knows them: the house's own lists moved on by facts. Pure. */
import type { Stamped } from './api.ts'
import type { Card, Operator, OperatorState, Queue } from './work-api.ts'

export function withOperator(operators: readonly Operator[], fact: Stamped): readonly Operator[] {
  if (fact.name !== 'operator.changed') return operators
  const { operator, state, reason, call, extension } = fact.data
  return operators.map((each) => {
    if (each.id !== operator || each.since > fact.at) return each
    const { reason: _reason, call: _call, next, ...rest } = each
    // What he asked for during a call counts from its end.
    const isOnCall = state === 'talking' || state === 'wrap_up'
    return {
      ...rest,
      ...(next !== undefined && isOnCall && { next }),
      state: state as OperatorState,
      since: fact.at,
      ...(reason !== undefined && { reason }),
      ...(call !== undefined && { call }),
      ...(extension !== undefined && { extension }),
    }
  })
}

/** Whose phone rings for whom; where everybody stands is known by the house alone. */
export function withOffer(queues: readonly Queue[], fact: Stamped): readonly Queue[] {
  switch (fact.name) {
    case 'queue.entered': {
      const { queue, entry, call, position, priority } = fact.data
      return inQueue(queues, queue, (waiting) => {
        if (waiting.some((each) => each.entry === entry)) return waiting
        const added = { entry, call, position, priority, since: fact.at, arrivedAt: fact.at, offeredTo: [] }
        return [...waiting, added]
      })
    }
    case 'queue.offered': {
      const { queue, entry, operator } = fact.data
      return inQueue(queues, queue, (waiting) =>
        waiting.map((each) =>
          each.entry === entry && !each.offeredTo.includes(operator)
            ? { ...each, offeredTo: [...each.offeredTo, operator] }
            : each,
        ),
      )
    }
    case 'operator.changed': {
      if (fact.data.state === 'ringing') return queues
      const { operator } = fact.data
      return queues.map((queue) => ({
        ...queue,
        waiting: queue.waiting.map((each) =>
          each.offeredTo.includes(operator)
            ? { ...each, offeredTo: each.offeredTo.filter((id) => id !== operator) }
            : each,
        ),
      }))
    }
    case 'queue.left':
      return inQueue(queues, fact.data.queue, (waiting) =>
        waiting.filter(({ entry }) => entry !== fact.data.entry),
      )
    default:
      return queues
  }
}

/** How far the client's order is. */
export function withStage(card: Card, { name, data }: Stamped): Card {
  if (name !== 'order.stage-changed' || card.order?.id !== data.order) return card
  const { minutes: _, ...order } = card.order
  const { stage, stateName, minutes } = data
  return { ...card, order: { ...order, stage, stateName, ...(minutes !== undefined && { minutes }) } }
}

/** Whom an operator's phone rings for. */
export function offeredTo(operator: string, queues: readonly Queue[]): string | undefined {
  for (const { waiting } of queues) {
    const found = waiting.find((each) => each.offeredTo.includes(operator))
    if (found) return found.call
  }
  return undefined
}

function inQueue(
  queues: readonly Queue[],
  name: string,
  change: (waiting: Queue['waiting']) => Queue['waiting'],
): readonly Queue[] {
  return queues.map((queue) => (queue.name === name ? { ...queue, waiting: change(queue.waiting) } : queue))
}
