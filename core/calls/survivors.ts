/** What becomes of the calls that outlived us, or the connection. */
import type { HouseBus } from '../call-bus/call-bus.ts'
import type { Clock } from '../clock.ts'
import type { Journal } from '../database/journal.ts'
import type { CallRow } from '../database/tables.ts'
import type { CallId, LegId, Moment } from '../schema.ts'
import { toErrand } from './call-row.ts'
import type { ConversationTools } from './conversation.ts'
import type { LiveCall, LiveCallOptions } from './live-call.ts'
import type { PlaceBook } from './places.ts'
import type { EndedTalk, KnownCall, KnownTalk, RecoveryOptions } from './recovery.ts'
import type { TakeOver } from './take-over.ts'
import { endTalk } from './talk-end.ts'
import { talkUntilOneLeaves } from './talk-host.ts'
import type { Usher } from './usher.ts'

export type Survivors = Pick<RecoveryOptions, 'serveAgain' | 'ringOn' | 'resumeTalk' | 'endTalk' | 'lost'>

export function openSurvivors(parts: {
  bus: HouseBus
  clock: Clock
  journal: Pick<Journal, 'keepCall'>
  places: PlaceBook
  tools: Omit<ConversationTools, 'goTo' | 'release'>
  usher: Usher
  find(id: CallId): LiveCall | undefined
  welcome(known: KnownCall & Pick<LiveCallOptions, 'again' | 'state'>): LiveCall
  announce(call: LiveCall): void
  /** Makes the house follow a leg dialled for a call; aborts the controller when the leg ends. */
  follow(leg: LegId, call: LiveCall): AbortController
  /** A call that we make rings on. */
  ringOn(call: LiveCall): void
  /** The end of a leg that was told before we knew the leg. */
  heardOf: TakeOver['endOf']
}): Survivors {
  const { announce, bus, clock, find, follow, journal, places, tools, welcome } = parts
  const { bye, goTo, receive, seeOff, serve, visit } = parts.usher

  function serveAgain(known: KnownCall, waiting?: { place: string; since: Moment }) {
    const state = waiting && ({ is: 'waiting', ...waiting } as const)
    const call = find(known.id) ?? welcome({ ...known, again: true, ...(state && { state }) })
    announce(call)
    for (const rung of known.rungBefore ?? []) tools.ringer.ringOn(call, rung)
    const place = waiting && (places.find(waiting.place) ?? places.find(call.line.fallback))
    if (!waiting || !place) return serve(call, () => receive(call))
    call.waited = waiting
    serve(call, () => visit(call, place.owner, place.flow, 'taken over after a restart', waiting.since))
  }

  function ringing(known: KnownCall) {
    const call = welcome({ ...known, again: true })
    announce(call)
    for (const rung of known.rungBefore ?? []) tools.ringer.ringOn(call, rung)
    parts.ringOn(call)
  }

  function resumeTalk(known: KnownCall, { talk, partner, other, state, since, isTold }: KnownTalk) {
    const call = welcome({ ...known, again: true })
    announce(call)
    const followed = (party: KnownTalk['partner']) => ({
      ...party,
      signal: follow(party.leg, call).signal,
    })
    const first = followed(partner)
    const found = { state, other: other && followed(other) }
    serve(call, async () => {
      const order = { talk, since, again: isTold, found }
      await talkUntilOneLeaves(call, first, { ...tools, goTo }, order)
      await seeOff(call)
    })
  }

  function talkEnded(known: KnownCall, talk?: EndedTalk) {
    const isOnHold = talk?.isOnHold ?? false
    const state = talk && ({ is: 'talking', talk: talk.talk, since: talk.since, with: talk.with } as const)
    const talkingAt = known.talkingAt ?? talk?.since
    const call = welcome({ ...known, talkingAt, again: true, ...(state && { state }) })
    announce(call)
    endTalk(call, bus, clock, 'the partner left while Callbus was away')
    const because = 'whoever put him on hold left while Callbus was away'
    serve(call, () => (isOnHold ? goTo(call, call.line.fallback, because) : bye(call)))
  }

  function lost(row: CallRow) {
    const heard = parts.heardOf(row.leg)
    const isErrand = toErrand(row) !== undefined
    const away = heard ? `${heard.because}, while Callbus was away` : 'it ended while Callbus was away'
    // Why somebody we rang did not answer is read from here.
    const because = (isErrand && heard?.outcome) || away
    const unserved = isErrand ? 'not_reached' : 'lost'
    const result = row.talking_at === null ? (row.result ?? unserved) : 'answered'
    if (row.state === 'talking' && row.talk !== null)
      bus.publish('call.talk-ended', { call: row.id, talk: row.talk, with: row.phase_with ?? '', because })
    bus.publish('call.ended', { call: row.id, result, because })
    journal.keepCall({ ...row, state: 'ended', ended_at: heard?.at ?? clock.now(), result, because })
  }

  return { serveAgain, ringOn: ringing, resumeTalk, endTalk: talkEnded, lost }
}
