/** What an operator is doing. One person, one state, whatever queues he serves. */
import type { Moment } from '#core/schema.ts'

/** Where he goes when what he is busy with is over. */
export type Afterwards =
  | { is: 'ready' }
  | { is: 'not_ready'; reason: string; until?: Moment }
  | { is: 'signed_out' }

export type SecondLine =
  | { is: 'ringing'; entry: string }
  /** He took another call and comes back to this one. */
  | { is: 'held'; call: string }
  /** He did not take what rang there: not asked again in this talk. */
  | { is: 'unwanted' }

export type OperatorState = { since: Moment } & (
  | { is: 'signed_out' }
  | { is: 'ready' }
  /** Present, no offers; with `until` it ends by itself. */
  | { is: 'not_ready'; reason: string; until?: Moment }
  /** An offer of one queue entry is at his phone. */
  | { is: 'ringing'; entry: string; next: Afterwards }
  /** With the latest call he took, and what his second line does. */
  | { is: 'talking'; call: string; second?: SecondLine; next: Afterwards }
  | { is: 'wrap_up'; until: Moment; next: Afterwards }
)

export const operatorStates = [
  'signed_out',
  'ready',
  'not_ready',
  'ringing',
  'talking',
  'wrap_up',
] as const satisfies readonly OperatorState['is'][]

export type OperatorMove =
  | { name: 'signed-in' }
  | { name: 'signed-out' }
  | { name: 'ready' }
  /** With `until` he is ready again by himself. */
  | { name: 'paused'; reason: string; until?: Moment }
  | { name: 'offered'; entry: string }
  /** The offer is over without a talk; with a reason he is not asked again at once. */
  | { name: 'offer-over'; entry: string; isUnwanted?: true; pause?: { reason: string; until?: Moment } }
  /** His phone talks, whoever brought that about. */
  | { name: 'talk-began'; call: string }
  /** With `until` he has until next for what the talk left to do. */
  | { name: 'talk-over'; call: string; wrapUpUntil?: Moment }
  /** Time has passed. */
  | { name: 'time' }

const ready: Afterwards = { is: 'ready' }

/** `undefined` means "that cannot happen now": he stays as he is. */
export function nextState(state: OperatorState, move: OperatorMove, at: Moment): OperatorState | undefined {
  switch (state.is) {
    case 'signed_out':
      return move.name === 'signed-in' ? { is: 'ready', since: at } : undefined

    case 'ready':
      if (move.name === 'offered') return { is: 'ringing', since: at, entry: move.entry, next: ready }
      if (move.name === 'talk-began') return { is: 'talking', since: at, call: move.call, next: ready }
      if (move.name === 'paused') return { ...restOf(move), since: at }
      if (move.name === 'signed-out') return { is: 'signed_out', since: at }
      return undefined

    case 'not_ready':
      if (move.name === 'ready') return { is: 'ready', since: at }
      if (move.name === 'paused') return { ...restOf(move), since: at }
      if (move.name === 'signed-out') return { is: 'signed_out', since: at }
      if (move.name === 'talk-began') {
        const { since: _, ...next } = state
        return { is: 'talking', since: at, call: move.call, next }
      }
      if (move.name === 'time' && state.until !== undefined && state.until <= at)
        return { is: 'ready', since: at }
      return undefined

    case 'ringing':
      if (move.name === 'talk-began') return { is: 'talking', since: at, call: move.call, next: state.next }
      if (move.name === 'offer-over' && move.entry === state.entry) {
        if (state.next.is === 'ready' && move.pause) return { ...restOf(move.pause), since: at }
        return { ...state.next, since: at }
      }
      return later(state, move)

    case 'talking':
      if (move.name === 'offered' || move.name === 'offer-over' || move.name === 'talk-began')
        return onSecondLine(state, move, at)
      if (move.name === 'talk-over' && state.second?.is === 'held')
        return backToOne(state, state.second, move, at)
      if (move.name === 'talk-over' && move.call === state.call) {
        if (state.second?.is === 'ringing')
          return { is: 'ringing', since: at, entry: state.second.entry, next: state.next }
        if (move.wrapUpUntil !== undefined && move.wrapUpUntil > at && state.next.is !== 'signed_out')
          return { is: 'wrap_up', since: at, until: move.wrapUpUntil, next: state.next }
        return { ...rested(state.next, at), since: at }
      }
      return later(state, move)

    case 'wrap_up':
      if (move.name === 'ready') return { is: 'ready', since: at }
      if (move.name === 'paused') return { ...restOf(move), since: at }
      if (move.name === 'signed-out') return { is: 'signed_out', since: at }
      if (move.name === 'talk-began') return { is: 'talking', since: at, call: move.call, next: state.next }
      if (move.name === 'time' && state.until <= at) return { ...rested(state.next, at), since: at }
      return undefined
  }
}

export type Talking = Extract<OperatorState, { is: 'talking' }>

function onSecondLine(
  { second, ...state }: Talking,
  move: Extract<OperatorMove, { name: 'offered' | 'offer-over' | 'talk-began' }>,
  at: Moment,
): Talking | undefined {
  switch (move.name) {
    case 'offered':
      return second ? undefined : { ...state, second: { is: 'ringing', entry: move.entry } }
    case 'offer-over':
      if (second?.is !== 'ringing' || second.entry !== move.entry) return undefined
      return move.isUnwanted ? { ...state, second: { is: 'unwanted' } } : state
    case 'talk-began':
      if (move.call === state.call || second?.is === 'held') return undefined
      return { ...state, since: at, call: move.call, second: { is: 'held', call: state.call } }
  }
}

/** His time counts for one call at once: for the other one only from here on. */
function backToOne(
  { second: _, ...state }: Talking,
  held: Extract<SecondLine, { is: 'held' }>,
  { call }: { call: string },
  at: Moment,
): Talking | undefined {
  if (call === held.call) return state
  return call === state.call ? { ...state, since: at, call: held.call } : undefined
}

/** What he asks for while he is on a call counts from its end. */
function later<State extends Extract<OperatorState, { next: Afterwards }>>(
  state: State,
  move: OperatorMove,
): State | undefined {
  if (move.name === 'ready' || move.name === 'signed-in') return { ...state, next: ready }
  if (move.name === 'paused') return { ...state, next: restOf(move) }
  if (move.name === 'signed-out') return { ...state, next: { is: 'signed_out' } }
  return undefined
}

function restOf({ reason, until }: { reason: string; until?: Moment }) {
  return { is: 'not_ready' as const, reason, ...(until === undefined ? {} : { until }) }
}

/** A pause that ended by itself meanwhile is no pause any more. */
function rested(next: Afterwards, at: Moment): Afterwards {
  return next.is === 'not_ready' && next.until !== undefined && next.until <= at ? ready : next
}

/** Present and willing: he counts for what callers are told of their wait. */
export function isServing(state: OperatorState): boolean {
  return state.is !== 'signed_out' && state.is !== 'not_ready'
}

/** He is free, or will be when what he does is over. */
export function comesFree(state: OperatorState): boolean {
  return isServing(state) && (!('next' in state) || state.next.is === 'ready')
}

/** His second line is free for an offer; whoever wants to rest afterwards is left alone. */
export function hasSecondLineFree(state: OperatorState): boolean {
  return state.is === 'talking' && !state.second && state.next.is === 'ready'
}

/** On hold does not count. */
export function talksIn(state: OperatorState, call: string): boolean {
  return state.is === 'talking' && state.call === call
}

export function callsOf({ call, second }: Talking): string[] {
  return second?.is === 'held' ? [call, second.call] : [call]
}

/** The entry that is offered to him, on whichever line. */
export function offeredTo(state: OperatorState): string | undefined {
  if (state.is === 'ringing') return state.entry
  return state.is === 'talking' && state.second?.is === 'ringing' ? state.second.entry : undefined
}

/** When the state ends by itself. */
export function endOf(state: OperatorState): Moment | undefined {
  return state.is === 'wrap_up' || state.is === 'not_ready' ? state.until : undefined
}
