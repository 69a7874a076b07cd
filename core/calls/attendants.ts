/** Who is in a talk beside client and partner, and what is told of them. */
import type { CallBus } from '../call-bus/call-bus.ts'
import type { CallId, LegId } from '../schema.ts'
import type { Partner } from './caller.ts'
import type { Attendance } from './talk.ts'

export interface Attendant {
  who: Partner
  as: Attendance
}

export interface Attendants {
  all(): Attendant[]
  at(phone: string): Partner | undefined
  /** Who spoke with the client already, and comes first when the partner leaves. */
  heir(): Partner | undefined
  join(who: Partner, as: Attendance, by: string): void
  /** False when this is none of them. */
  leave(who: Partner): boolean
  /** He has become the partner. */
  forget(who: Partner): void
  tellJoined(who: Partner, as: Attendance, by: string): void
  tellLeft(who: Partner, as: Attendance): void
}

export function openAttendants({
  call: { id: call },
  talk,
  bus,
}: {
  call: { id: CallId }
  talk: string
  bus: CallBus
}): Attendants {
  const present = new Map<LegId, Attendant>()
  const all = () => [...present.values()]

  function tellJoined({ leg, address: phone }: Partner, as: Attendance, by: string) {
    bus.publish('call.joined', { call, talk, leg, phone, as, by })
  }

  function tellLeft({ leg, address: phone }: Partner, as: Attendance) {
    bus.publish('call.left', { call, talk, leg, phone, as })
  }

  return {
    all,
    at: (phone) => all().find(({ who }) => who.address === phone)?.who,
    heir() {
      const heard = all().filter(({ as }) => as === 'conference' || as === 'barge')
      return heard.toSorted((one, two) => two.as.localeCompare(one.as))[0]?.who
    },
    join(who, as, by) {
      present.set(who.leg, { who, as })
      tellJoined(who, as, by)
    },
    leave(who) {
      const attendant = present.get(who.leg)
      if (!attendant) return false
      present.delete(who.leg)
      tellLeft(who, attendant.as)
      return true
    },
    forget: ({ leg }) => void present.delete(leg),
    tellJoined,
    tellLeft,
  }
}
