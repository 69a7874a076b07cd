import type { Logger } from 'pino'
import type { Journal } from '../database/journal.ts'
import type { CallRow } from '../database/tables.ts'
import type { Survey, Telephony } from '../ports/telephony.ts'
import type { CallId, LegId, Moment } from '../schema.ts'
import type { LiveCall } from './live-call.ts'

/** What is known of a call that outlived us. */
export interface KnownCall {
  id: CallId
  leg: LegId
  from: string | undefined
  to: string
  at: Moment
  isAnswered: boolean
  priority: number
}

export interface RecoveryOptions {
  journal: Journal
  log: Logger
  telephony: Telephony
  signal: AbortSignal
  site: string
  calls: ReadonlyMap<CallId, LiveCall>
  isServed(call: LiveCall): boolean
  isOurs(leg: LegId): boolean
  vanished(leg: LegId): void
  /** A caller nobody serves: again from where he waited, or from the beginning. */
  serveAgain(known: KnownCall, waiting?: { place: string; since: Moment }): void
  /** Two who talk go on talking; we only watch. */
  resumeTalk(known: KnownCall, partner: { leg: LegId; address: string }, since: Moment): void
  /** A caller we have never heard of. */
  offered(leg: LegId, from: string | undefined, to: string, at: Moment): void
  /** A journaled call that is gone from the exchange. */
  lost(row: CallRow): void
}

/**
 * Matches what the exchange has with what the journal and the memory say: talks are kept, callers are
 * served again from a sensible point, orphans are hung up, and calls that ended meanwhile are closed.
 */
export async function recover(options: RecoveryOptions): Promise<void> {
  const { journal, log, telephony, signal } = options
  const [survey, open] = await Promise.all([telephony.survey(signal), journal.openCalls()])
  const found = new Map(survey.legs.map((leg) => [leg.leg, leg]))
  const rows = new Map(open.map((row) => [row.leg, row]))
  const keptTalks = new Set<string>()
  const keptLegs = new Set<LegId>()

  for (const call of options.calls.values()) {
    if (!found.has(call.leg)) options.vanished(call.leg)
    for (const partner of [...call.partners.keys()]) if (!found.has(partner)) options.vanished(partner)
    if (call.state.is === 'talking') keptTalks.add(call.state.talk)
  }

  for (const leg of survey.legs) {
    if (leg.direction !== 'in') continue
    const row = rows.get(leg.leg)
    if (options.isOurs(leg.leg)) {
      const call = [...options.calls.values()].find((each) => each.leg === leg.leg)
      if (call && !options.isServed(call)) options.serveAgain(toKnown(leg, row))
      continue
    }
    const partner = partnerOf(leg, survey)
    if (leg.talk !== undefined && partner) {
      keptTalks.add(leg.talk)
      keptLegs.add(partner.leg)
      const known = toKnown(leg, row ?? open.find((each) => each.id === partner.call))
      options.resumeTalk(
        known,
        { leg: partner.leg, address: row?.phase_with ?? partner.to },
        row?.talking_at ?? leg.at,
      )
    } else if (row) {
      const waiting = row.state === 'waiting' && row.phase_with !== null
      options.serveAgain(
        toKnown(leg, row),
        waiting ? { place: row.phase_with ?? '', since: row.state_since } : undefined,
      )
    } else {
      options.offered(leg.leg, leg.from, leg.to, leg.at)
    }
  }

  for (const row of open) {
    if (!found.has(row.leg) && !options.calls.has(row.id)) options.lost(row)
  }

  const orphans = survey.legs.filter(
    (leg) => leg.direction === 'out' && !keptLegs.has(leg.leg) && !options.isOurs(leg.leg),
  )
  const emptyTalks = survey.talks.filter((talk) => !keptTalks.has(talk))
  await Promise.allSettled([
    ...orphans.map((leg) => telephony.hangUp(leg.leg, 'normal')),
    ...emptyTalks.map((talk) => telephony.part(talk)),
  ])
  log.info(
    { legs: survey.legs.length, talks: keptTalks.size, orphans: orphans.length, closed: open.length },
    'Calls were taken over',
  )
}

function partnerOf(leg: Survey['legs'][number], survey: Survey) {
  if (leg.talk === undefined) return undefined
  return survey.legs.find(
    (each) => each.talk === leg.talk && each.leg !== leg.leg && each.direction === 'out',
  )
}

function toKnown(leg: Survey['legs'][number], row: CallRow | undefined): KnownCall {
  return {
    id: row?.id ?? leg.call ?? leg.leg,
    leg: leg.leg,
    from: row?.from_phone ?? leg.from,
    to: row?.to_number ?? leg.to,
    at: row?.at ?? leg.at,
    isAnswered: leg.state === 'up',
    priority: row?.priority ?? 0,
  }
}
