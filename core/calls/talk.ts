/** What operators and supervisors may do with a talk while it lasts. */
import type { FactData } from '../call-bus/events.ts'
import type { SnoopWay } from '../ports/telephony.ts'
import type { Language, Moment } from '../schema.ts'
import type { Saying } from '../voice/words.ts'
import type { Partner } from './caller.ts'
import type { TalkState } from './talk-state.ts'

/** What somebody is in a talk beside client and partner. */
export type Attendance = FactData<'call.joined'>['as']

/** How a phone comes to a talk; whoever takes over is the partner from then on. */
export type AttendWay = SnoopWay | 'take-over'

export interface TalkView {
  state: TalkState
  /** The phone of whoever talks with the client. */
  with: string
  heldSince?: Moment
  others: { phone: string; as: Attendance | 'ringing' }[]
}

export interface OtherPhone {
  phone: string
  /** Seconds. */
  ringFor: number
  /** Which number the phone shows. */
  show: 'caller' | 'company'
}

/** The hands on a talk. Each verb rejects with TALK_REFUSED when that cannot be done now. */
export interface Talk {
  readonly view: TalkView
  /** The client hears music. If the partner hangs up meanwhile, the client goes on at this place. */
  hold(by: string, ifLeft: string): Promise<void>
  unhold(by: string): Promise<void>
  /** Holds the client and rings another phone for the partner; what comes of it is told by facts. */
  consult(other: OtherPhone, by: string, ifLeft: string): Promise<void>
  /** The partner talks with the one of the two who was held. */
  swap(by: string): Promise<void>
  /** The other is let go, and the partner is with the client again. */
  cancel(by: string): Promise<void>
  /** The client talks with the other, and the partner is free. */
  complete(by: string): Promise<void>
  /** All three together. */
  conference(by: string): Promise<void>
  /** Ends the talk for everybody but the client, who goes on at a place. */
  sendTo(place: string, because: string): Promise<void>
  /** Rings a phone unless it is on the line already, and lets it hear, or be heard. */
  attend(other: OtherPhone, way: AttendWay, by: string): Promise<void>
  /** Lets somebody beside client and partner go. */
  dismiss(phone: string): Promise<void>
  /** Says something to the partner alone; a change of the talk cuts it short. */
  tell(saying: Saying, language: Language): Promise<void>
}

export interface HostedTalk extends Talk {
  /** The exchange has put somebody in the partner's place already; his phone hangs up by itself, at the latest with the call. */
  replaced(heir: Partner): void
}
