import type { Identity } from '#core/calls/call.ts'
import type { Verdict } from '#core/calls/reception.ts'

/** Whoever took the order knows what it is about; a driver calls about something else. */
export function toVerdict(
  identity: Identity,
  { seconds, phones }: { seconds: number; phones: Readonly<Record<string, string>> },
): Verdict {
  if (!identity.lookedUp || identity.card.kind === 'driver') return 'welcome'
  const { order } = identity.card
  const accounts = order?.takenBy ?? []
  if (!order || accounts.length === 0) return 'welcome'
  return {
    first: { phones: accounts.map((account) => phones[account] ?? account), seconds },
    because: `order ${order.id} was taken by ${accounts.join(', ')}`.slice(0, 500),
  }
}
