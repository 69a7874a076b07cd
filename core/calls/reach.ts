import type { Partner, Reach } from './caller.ts'
import type { ConversationTools } from './conversation.ts'
import type { LiveCall } from './live-call.ts'

/** Rings the phones at once; the first to answer wins, and the others are let go. */
export async function reachFirst(
  call: LiveCall,
  { phones, ringFor, show, line, onMissed }: Reach,
  { ringer, showNumber, telephony }: Pick<ConversationTools, 'ringer' | 'showNumber' | 'telephony'>,
  { signal, until }: { signal: AbortSignal; until: AbortSignal },
): Promise<Partner | undefined> {
  const won = new AbortController()
  const stop = AbortSignal.any([signal, until, won.signal])
  const number = (show === 'caller' ? call.from : undefined) ?? showNumber(call, line)
  let winner: Partner | undefined

  async function ring(phone: string) {
    const came = await ringer.ring(call, phone, { ringFor, number }, stop).catch((thrown: unknown) => {
      onMissed?.(phone, 'failed')
      throw thrown
    })
    if (typeof came === 'string') return void onMissed?.(phone, came)
    if (winner) return await telephony.hangUp(came.leg, 'answered-elsewhere')
    winner = came
    won.abort(new Error('another phone answered'))
  }

  const rung = await Promise.allSettled(phones.map(ring))
  const taken = winner as Partner | undefined
  if (taken && signal.aborted) await telephony.hangUp(taken.leg, 'normal')
  signal.throwIfAborted()
  const failures = rung.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []))
  if (!taken && phones.length > 0 && failures.length === phones.length) throw failures[0]
  return taken
}
