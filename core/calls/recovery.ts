import type { Logger } from 'pino'
import type { Journal } from '../database/journal.ts'
import type { CallRow } from '../database/tables.ts'
import { reasonOf } from '../errors.ts'
import type { DialOutcome, Survey, Telephony } from '../ports/telephony.ts'
import type { CallId, LegId, Moment } from '../schema.ts'
import { toChosen, toErrand } from './call-row.ts'
import { afterTalk } from './call-state.ts'
import type { LiveCall, LiveCallOptions } from './live-call.ts'
import type { RungBefore } from './ringer.ts'
import type { TalkState } from './talk-state.ts'

/** What is known of a call that outlived us. */
export type KnownCall = Pick<
  LiveCallOptions,
  | 'id'
  | 'leg'
  | 'to'
  | 'at'
  | 'isAnswered'
  | 'answeredAt'
  | 'talkingAt'
  | 'priority'
  | 'result'
  | 'errand'
  | 'chosen'
  | 'heldSince'
> & {
  from: string | undefined
  /** Phones that the conversation which begins anew had rung, or that have answered it. */
  rungBefore?: readonly RungBefore[]
}

/** A talk that outlived us. */
export interface KnownTalk {
  talk: string
  partner: { leg: LegId; address: string }
  /** Whom the partner consults, if anybody. */
  other?: { leg: LegId; address: string } | undefined
  state: TalkState
  since: Moment
  /** Its beginning is in the journal. */
  isTold: boolean
}

/** A talk that somebody left while we were away. */
export interface EndedTalk {
  talk: string
  since: Moment
  with: string
  /** The client is on hold still: he goes on. */
  isOnHold: boolean
}

export interface RecoveryOptions {
  journal: Journal
  log: Logger
  telephony: Telephony
  signal: AbortSignal
  site: string
  now: Moment
  calls: ReadonlyMap<CallId, LiveCall>
  isServed(call: LiveCall): boolean
  /** What was heard meanwhile of the end of a leg. */
  heardOf(leg: LegId): { outcome?: DialOutcome } | undefined
  isOurs(leg: LegId): boolean
  vanished(leg: LegId): void
  /** A caller nobody serves: again from where he waited, or from the beginning. */
  serveAgain(known: KnownCall, waiting?: { place: string; since: Moment }): void
  /** A phone we rang: it rings on, or has been answered just now. */
  ringOn(known: KnownCall): void
  /** Two who talk go on talking; we only watch. Told at once, so that nobody rings who talks. */
  resumeTalk(known: KnownCall, talk: KnownTalk): void
  /** The partner left while nobody watched, or just before: the caller's talk is over. */
  endTalk(known: KnownCall, talk?: EndedTalk): void
  /** A caller we have never heard of. */
  offered(leg: Pick<Found, 'leg' | 'from' | 'to' | 'at'>): void
  /** A journaled call that is gone from the exchange. */
  lost(row: CallRow): void
}

type Found = Survey['legs'][number]

/**
 * Matches what the exchange has with what the journal and the memory say: talks are kept, callers are
 * served again from a sensible point, orphans are hung up, and calls that ended meanwhile are closed.
 * Doing it twice changes nothing, so a failure half way is no harm.
 */
export async function recover(options: RecoveryOptions): Promise<void> {
  const { calls, journal, log, telephony, signal, isOurs } = options
  /** Their ends are told by themselves, also those that come while we look. */
  const ours = new Set(calls.keys())
  const [survey, open] = await Promise.all([telephony.survey(signal), journal.openCalls()])
  const alive = new Set(survey.legs.map(({ leg }) => leg))
  const rows = new Map(open.map((row) => [row.leg, row]))
  const byId = new Map(open.map((row) => [row.id, row]))
  const keptTalks = new Set<string>()
  const keptLegs = new Set<LegId>()

  for (const call of [...calls.values()]) {
    // Its talk may be in the making this moment.
    keptTalks.add(talkOf(options.site, call.id))
    // Whoever is being rung may not be there yet; the ringing itself tells what comes of it.
    if (!alive.has(call.leg) && !call.isBeingRung) options.vanished(call.leg)
    const { partner, state } = call
    if (state.is === 'talking' && partner && !alive.has(partner.leg)) options.vanished(partner.leg)
  }
  // A supervisor who listens, a colleague who is asked.
  for (const { leg, talk } of survey.legs) if (talk !== undefined && isOurs(leg)) keptTalks.add(talk)

  const isPerson = ({ leg, direction }: Found) => direction === 'in' || rows.has(leg)
  const callers = survey.legs.filter(isPerson)
  const unserved: Found[] = []
  for (const leg of callers) {
    const row = rows.get(leg.leg)
    const found = isOurs(leg.leg) ? undefined : talkOfLeg(leg, row, survey, options.site)
    if (!found) {
      unserved.push(leg)
      continue
    }
    const { talk, partner, other, state } = found
    for (const kept of [talk, partner.talk]) if (kept !== undefined) keptTalks.add(kept)
    keptLegs.add(partner.leg)
    if (other) keptLegs.add(other.leg)
    const known = row ?? byId.get(partner.call ?? '')
    const isTold = known?.state === 'talking'
    // Somebody else may have come into his place while nobody watched.
    const isHis = isTold && (known.partner_leg ?? partner.leg) === partner.leg
    await each(leg, () =>
      options.resumeTalk(toKnown(leg, known ?? partner.call), {
        talk,
        partner: { leg: partner.leg, address: (isHis && known?.phase_with) || partner.to },
        other: other && { leg: other.leg, address: other.to },
        state,
        since: isTold ? known.state_since : options.now,
        isTold,
      }),
    )
  }

  const left = survey.legs.filter(
    (found) => !isPerson(found) && !keptLegs.has(found.leg) && !isOurs(found.leg),
  )
  const startingAnew = new Map(
    unserved.flatMap(({ leg, talk }) => {
      const row = rows.get(leg)
      return row && talk === undefined && !isOurs(leg) && beginsAnew(row) ? [[row.id, leg] as const] : []
    }),
  )
  const isWanted = ({ call, talk }: Found) => talk === undefined && startingAnew.has(call ?? '')
  const rungBefore = Map.groupBy(left.filter(isWanted), ({ call }) => startingAnew.get(call ?? ''))
  // Before anybody is rung anew: a phone that still rings for a dead call would be busy.
  const orphans = left.filter((found) => !isWanted(found))
  await Promise.allSettled([
    ...orphans.map(({ leg }) => telephony.hangUp(leg, 'normal')),
    ...survey.talks.filter((talk) => !keptTalks.has(talk)).map((talk) => telephony.part(talk)),
  ])

  const rungInVain = await phonesRungInVain([...startingAnew.keys()], survey, options)

  const turnOf = ({ leg, at }: Found) => {
    const row = rows.get(leg)
    return { priority: row?.priority ?? 0, since: row?.state_since ?? at }
  }
  const inTurn = unserved
    .map((leg) => ({ leg, ...turnOf(leg) }))
    .sort((one, other) => other.priority - one.priority || one.since - other.since)
  for (const { leg } of inTurn) {
    const row = rows.get(leg.leg)
    const rung = (rungBefore.get(leg.leg) ?? []).map(({ leg, to }) => ({ leg, address: to }))
    await each(leg, () => takeUp(leg, row, [...rung, ...(rungInVain.get(row?.id ?? '') ?? [])], options))
  }

  const gone = open.filter((row) => !alive.has(row.leg) && !ours.has(row.id))
  for (const row of gone) options.lost(row)
  log.info(
    {
      callers: callers.length,
      talks: keptLegs.size,
      orphans: orphans.length,
      closed: gone.length,
    },
    'Calls were taken over',
  )

  /** One call that cannot be taken over costs the others nothing: its caller goes to the exchange's fallback. */
  async function each({ leg }: Found, work: () => void) {
    try {
      work()
    } catch (thrown) {
      log.error({ leg, reason: reasonOf(thrown), err: thrown }, 'A call could not be taken over')
      await telephony.release(leg).catch(() => undefined)
    }
  }
}

/** Its conversation does what it did, so whom it rang it will want again. A place that rings for many chooses anew. */
function beginsAnew({ state, phase_with }: CallRow): boolean {
  return state === 'ringing' || (state === 'conversing' && phase_with !== afterTalk)
}

/**
 * Phones that stopped ringing for these calls while nobody listened: not rung again, because they were rung once. Of
 * those whose end the exchange did not keep for us only that is known.
 */
async function phonesRungInVain(
  calls: readonly CallId[],
  survey: Survey,
  { heardOf, journal }: RecoveryOptions,
): Promise<Map<CallId, RungBefore[]>> {
  const [rung, missed, talks] = await Promise.all([
    journal.factsOf(calls, 'call.operator-rung'),
    journal.factsOf(calls, 'call.operator-missed'),
    journal.factsOf(calls, 'call.talking'),
  ])
  const known = new Set(
    [...survey.legs, ...[...missed, ...talks].map(({ data }) => data)].map(({ leg }) => leg),
  )
  const last = new Map(rung.map(({ data }) => [`${data.call} ${data.operator}`, data]))
  const unheard = [...last.values()].filter(({ leg }) => !known.has(leg))
  return Map.groupBy(
    unheard.map(({ call, leg, operator }) => {
      const outcome = heardOf(leg)?.outcome ?? 'failed'
      return { call, leg, address: operator, ended: outcome === 'answered' ? 'failed' : outcome } as const
    }),
    ({ call }) => call,
  )
}

function takeUp(
  leg: Found,
  row: CallRow | undefined,
  rungBefore: readonly RungBefore[],
  options: RecoveryOptions,
) {
  if (options.isOurs(leg.leg)) {
    const call = [...options.calls.values()].find((each) => each.leg === leg.leg)
    if (!call || options.isServed(call) || call.isBeingRung) return
    if (call.isLeaving) void options.telephony.hangUp(leg.leg, 'normal').catch(() => undefined)
    else options.serveAgain(toKnown(leg, row))
    return
  }
  if (!row) return options.offered(leg)

  const { phase_with: place, state_since: since } = row
  const known = { ...toKnown(leg, row), rungBefore }
  if (isBeingRung(row)) return options.ringOn(known)
  // Two are put into a talk together, so whoever is alone in one was left there.
  if (row.state === 'talking' || leg.talk !== undefined) {
    const isTold = row.state === 'talking'
    options.endTalk(known, {
      talk: leg.talk ?? row.talk ?? talkOf(options.site, row.id),
      since: isTold ? since : options.now,
      with: isTold ? (place ?? '') : '',
      isOnHold: leg.talk === undefined,
    })
  } else if (row.state === 'conversing' && place === afterTalk) options.endTalk(known)
  else if (row.state === 'waiting' && place !== null) options.serveAgain(known, { place, since })
  else options.serveAgain(known)
}

function isBeingRung(row: CallRow | undefined): boolean {
  return row !== undefined && row.errand !== null && row.state === 'ringing'
}

export function talkOf(site: string, call: CallId): string {
  return `cb-${site}-${call}`
}

/** Who is in a talk with this person, or has put him on hold. */
function talkOfLeg(leg: Found, row: CallRow | undefined, survey: Survey, site: string) {
  const dialled = survey.legs.filter(({ direction, state }) => direction === 'out' && state === 'up')
  const his = dialled.filter(({ call }) => row !== undefined && call === row.id)
  if (leg.talk !== undefined) {
    const { talk } = leg
    const partners = dialled.filter((each) => each.talk === talk && each.leg !== leg.leg)
    const partner = partners.find((each) => each.leg === row?.partner_leg) ?? partners[0]
    if (!partner) return undefined
    const other = his.find((each) => each.talk === undefined && each.leg !== partner.leg)
    return { talk, partner, other, state: other ? 'swapped' : 'together' } as const
  }
  const partner = row?.state === 'talking' ? his.find((each) => each.leg === row.partner_leg) : undefined
  if (!row || !partner) return undefined
  const talk = row.talk ?? talkOf(site, row.id)
  const other = his.find((each) => each !== partner && each.talk !== undefined && each.talk === partner.talk)
  return { talk, partner, other, state: other ? 'consulting' : 'held' } as const
}

function toKnown(leg: Found, journaled: CallRow | CallId | undefined): KnownCall {
  const row = typeof journaled === 'object' ? journaled : undefined
  const id = typeof journaled === 'string' ? journaled : (row?.id ?? leg.call ?? leg.leg)
  return {
    id,
    leg: leg.leg,
    from: row?.from_phone ?? leg.from,
    to: row?.to_number ?? leg.to,
    at: row?.at ?? leg.at,
    isAnswered: leg.state === 'up' && !isBeingRung(row),
    answeredAt: row?.answered_at ?? undefined,
    talkingAt: row?.talking_at ?? undefined,
    priority: row?.priority ?? 0,
    errand: row && toErrand(row),
    chosen: row && toChosen(row),
    heldSince: row?.held_since ?? undefined,
    result: (row?.result as LiveCallOptions['result']) ?? undefined,
  }
}
