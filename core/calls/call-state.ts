import type { FactName } from '../call-bus/events.ts'
import type { Moment } from '../schema.ts'

export type CallState =
  | { is: 'ringing' }
  | { is: 'conversing'; with: string }
  | { is: 'waiting'; place: string; since: Moment }
  | { is: 'talking'; talk: string; with: string; since: Moment }
  | { is: 'ended'; result: string }

/** The facts that move a call. */
export type CallMove =
  | { name: 'call.conversing'; by: string }
  | { name: 'call.waiting'; place: string; at: Moment }
  | { name: 'call.talking'; talk: string; with: string; at: Moment }
  | { name: 'call.talk-ended' }
  | { name: 'call.ended'; result: string }

export const moves = [
  'call.conversing',
  'call.waiting',
  'call.talking',
  'call.talk-ended',
  'call.ended',
] as const satisfies readonly FactName[]

/** Who has the caller from the end of a talk until the flow goes on with him. */
export const afterTalk = 'core'

/** `undefined` means "that cannot happen now": log it, keep the call as it is. */
export function nextState(state: CallState, move: CallMove): CallState | undefined {
  if (move.name === 'call.ended')
    return state.is === 'ended' ? undefined : { is: 'ended', result: move.result }

  switch (state.is) {
    case 'ringing':
      if (move.name === 'call.conversing') return { is: 'conversing', with: move.by }
      if (move.name === 'call.waiting') return { is: 'waiting', place: move.place, since: move.at }
      if (move.name === 'call.talking') return toTalking(move)
      return undefined

    case 'conversing':
      if (move.name === 'call.conversing') return { is: 'conversing', with: move.by }
      if (move.name === 'call.waiting') return { is: 'waiting', place: move.place, since: move.at }
      if (move.name === 'call.talking') return toTalking(move)
      return undefined

    case 'waiting':
      if (move.name === 'call.conversing') return { is: 'conversing', with: move.by }
      if (move.name === 'call.waiting') return { is: 'waiting', place: move.place, since: state.since }
      if (move.name === 'call.talking') return toTalking(move)
      return undefined

    case 'talking':
      if (move.name === 'call.talk-ended') return { is: 'conversing', with: afterTalk }
      return undefined

    case 'ended':
      return undefined
  }
}

function toTalking(move: Extract<CallMove, { name: 'call.talking' }>): CallState {
  return { is: 'talking', talk: move.talk, with: move.with, since: move.at }
}
