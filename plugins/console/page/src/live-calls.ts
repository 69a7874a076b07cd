/**
 * The calls as this page knows them: a snapshot moved on by facts. Pure, so that any order of facts, any
 * fact twice and a snapshot at any moment leave one row per call, and an ended call ended.
 */
import type { CallStep, CallView, FactName, Stamped } from './api.ts'

/** A call with what only the stream tells of it. */
export interface CallRow extends CallView {
  /** What the caller heard or pressed last. */
  last?: { said: string } | { pressed: string }
  /** The fact that moved it last; older ones come too late to move it. */
  movedBy: number
  /** False while only later facts of it were seen: we do not know the line and the number yet. */
  isWhole: boolean
}

export interface LiveCalls {
  readonly calls: ReadonlyMap<string, CallRow>
}

export const noCalls: LiveCalls = { calls: new Map() }

/** Ended calls kept on the page; older ones are a search away. */
const endedKept = 200

type CallFact = Extract<Stamped, { name: `call.${string}` }>

/**
 * The house's own list of live calls, and its latest ended ones. A call of ours that the list no longer
 * has ended while we were away; `knownBefore` spares those that began after the list was asked for.
 */
export function withSnapshot(
  before: LiveCalls,
  live: readonly CallView[],
  ended: readonly CallView[],
  knownBefore: ReadonlySet<string> = new Set(before.calls.keys()),
): LiveCalls {
  const calls = new Map(before.calls)
  const listed = new Set([...live, ...ended].map((view) => view.id))

  for (const row of before.calls.values()) {
    const isGone = row.state !== 'ended' && knownBefore.has(row.id) && !listed.has(row.id)
    if (isGone) calls.delete(row.id)
  }
  for (const view of [...live, ...ended]) calls.set(view.id, fromView(view, calls.get(view.id)))
  return { calls: pruned(calls) }
}

export function withFact(before: LiveCalls, fact: Stamped): LiveCalls {
  if (!isOfCall(fact)) return before

  const calls = new Map(before.calls)
  const known = calls.get(fact.data.call) ?? stranger(fact)
  calls.set(known.id, moved(known, fact))
  return { calls: pruned(calls) }
}

/** Live calls, the longest first; a new one comes last, so nothing moves under the eye. */
export function liveRows({ calls }: LiveCalls): CallRow[] {
  return [...calls.values()]
    .filter((row) => row.isWhole && row.state !== 'ended')
    .sort((one, other) => one.at - other.at || compare(one.id, other.id))
}

/** Ended calls, the latest first. */
export function endedRows({ calls }: LiveCalls): CallRow[] {
  return [...calls.values()]
    .filter((row) => row.isWhole && row.state === 'ended')
    .sort((one, other) => (other.endedAt ?? other.at) - (one.endedAt ?? one.at) || compare(one.id, other.id))
}

/** Whether facts came of a call whose beginning we missed, so that a new snapshot is due. */
export function hasStrangers({ calls }: LiveCalls): boolean {
  return [...calls.values()].some((row) => !row.isWhole && row.state !== 'ended')
}

function isOfCall(fact: Stamped): fact is CallFact {
  return fact.name.startsWith('call.')
}

function fromView(view: CallView, known: CallRow | undefined): CallRow {
  if (!known) return { ...view, movedBy: 0, isWhole: true }

  const hasEnded = known.state === 'ended' && view.state !== 'ended'
  return { ...known, ...view, ...(hasEnded ? endOf(known) : {}), isWhole: true }
}

function endOf({ since, endedAt, result, because }: CallRow): Partial<CallRow> {
  return {
    state: 'ended',
    since,
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(result === undefined ? {} : { result }),
    ...(because === undefined ? {} : { because }),
  }
}

function stranger(fact: CallFact): CallRow {
  return {
    id: fact.data.call,
    direction: 'in',
    to: '',
    line: '',
    language: '',
    at: fact.at,
    state: 'ringing',
    priority: 0,
    since: fact.at,
    movedBy: 0,
    isWhole: false,
  }
}

function moved(row: CallRow, fact: CallFact): CallRow {
  switch (fact.name) {
    case 'call.offered':
      return begun(row, fact.at, fact.data)
    case 'call.placed':
      return begun(row, fact.at, { from: fact.data.to, to: '', line: fact.data.line, direction: 'out' })
    case 'call.identified':
      return { ...row, kind: fact.data.kind }
    case 'call.screened':
      return { ...row, priority: preferred(fact.data.verdict) ?? row.priority }
    case 'call.answered':
      return { ...row, answeredAt: Math.min(row.answeredAt ?? fact.at, fact.at) }
    case 'call.conversing':
      return stepped(row, fact, 'conversing', { with: fact.data.by })
    case 'call.waiting':
      return stepped(row, fact, 'waiting', { with: fact.data.place, priority: fact.data.priority })
    case 'call.talking':
      return stepped(row, fact, 'talking', { with: fact.data.with, talkingAt: fact.at })
    case 'call.talk-ended':
      return stepped(row, fact, 'conversing', { with: 'core' })
    case 'call.told':
      return { ...row, last: { said: fact.data.text } }
    case 'call.key-pressed':
      return { ...row, last: { pressed: fact.data.key } }
    case 'call.ended':
      if (row.state === 'ended') return row
      return {
        ...row,
        state: 'ended',
        endedAt: fact.at,
        since: fact.at,
        result: fact.data.result,
        because: fact.data.because,
        movedBy: Math.max(row.movedBy, fact.id),
      }
    default:
      return row
  }
}

function begun(
  row: CallRow,
  at: number,
  call: { from?: string; to: string; line: string; direction?: 'out' },
): CallRow {
  if (row.isWhole) return row
  return {
    ...row,
    ...(call.from === undefined ? {} : { from: call.from }),
    direction: call.direction ?? 'in',
    to: call.to,
    line: call.line,
    at,
    since: row.movedBy === 0 ? at : row.since,
    isWhole: true,
  }
}

function stepped(row: CallRow, fact: CallFact, state: CallStep, more: Partial<CallRow>): CallRow {
  if (row.state === 'ended' || fact.id <= row.movedBy) return row
  // Moving from place to place in a queue is still one wait.
  const since = row.state === state && state === 'waiting' ? row.since : fact.at
  const { last: _past, ...rest } = row
  return { ...rest, ...more, state, since, movedBy: fact.id }
}

/** The priority of a verdict like `prefer 10`. */
function preferred(verdict: string): number | undefined {
  const [, priority] = /^prefer (\d+)$/.exec(verdict) ?? []
  return priority === undefined ? undefined : Number(priority)
}

function pruned(calls: Map<string, CallRow>): Map<string, CallRow> {
  const ended = [...calls.values()].filter((row) => row.state === 'ended')
  if (ended.length <= endedKept) return calls

  ended.sort((one, other) => (other.endedAt ?? 0) - (one.endedAt ?? 0))
  for (const row of ended.slice(endedKept)) calls.delete(row.id)
  return calls
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}

/** Every fact the stream may bring; the compiler says so when the vocabulary grows. */
const listened: Record<FactName, true> = {
  'call.offered': true,
  'call.placed': true,
  'call.routed': true,
  'trunk.changed': true,
  'call.identified': true,
  'call.screened': true,
  'call.answered': true,
  'call.conversing': true,
  'call.told': true,
  'call.key-pressed': true,
  'call.chosen': true,
  'call.waiting': true,
  'call.operator-rung': true,
  'call.operator-missed': true,
  'call.talking': true,
  'call.talk-ended': true,
  'call.about-order': true,
  'call.noted': true,
  'call.recording-started': true,
  'call.recorded': true,
  'call.held': true,
  'call.unheld': true,
  'call.joined': true,
  'call.left': true,
  'call.transferred': true,
  'call.parked': true,
  'call.picked-up': true,
  'queue.entered': true,
  'queue.offered': true,
  'queue.given': true,
  'queue.left': true,
  'queue.strategy-changed': true,
  'queue.call-back-asked': true,
  'queue.call-back-closed': true,
  'operator.changed': true,
  'call.recording-linked': true,
  'call.served': true,
  'call.failed': true,
  'call.ended': true,
  'complaint.taken': true,
  'complaint.answered': true,
  'quality.client-called': true,
  'quality.marked': true,
  'order.cancelled': true,
  'order.stage-changed': true,
  'order.client-called': true,
  'callback.requested': true,
  'join.requested': true,
  'number-list.changed': true,
  'connection.changed': true,
  'tariff.changed': true,
  'weather.lost': true,
  'weather.found': true,
  'alarm.began': true,
  'alarm.ended': true,
  'message.delivered': true,
  'message.lost': true,
  'plugin.failed': true,
}

export const factNames = Object.keys(listened) as FactName[]
