/** What operators and supervisors ask of the queue and of their talks, in the house's own shapes. */
import { ask, send } from './api.ts'

export type OperatorState = 'signed_out' | 'ready' | 'not_ready' | 'ringing' | 'talking' | 'wrap_up'

export interface Operator {
  id: string
  name: string
  /** Under which he signs in to Callbus. */
  user: string
  extension?: string
  state: OperatorState
  since: number
  reason?: string
  call?: string
  /** What follows his call, when it is not the next. */
  next?: 'not_ready' | 'signed_out'
  /** What the exchange says of his phone. */
  phone?: string
  flags: readonly string[]
}

export interface Waiting {
  entry: string
  call: string
  position: number
  since: number
  arrivedAt: number
  priority: number
  /** The operator for whom alone he waits. */
  waitsFor?: string
  offeredTo: readonly string[]
  /** He has hung up and will be called back. */
  isAway?: boolean
  promisedAt?: number
}

/** With whatever else makes a difference within it. */
export interface Strategy {
  is: string
  perHour?: boolean
  by?: 'deficit' | 'chance'
  /** The level needed falls by so much after each so many seconds. */
  fall?: { levels: number; every: number }
  steps?: readonly Step[]
  /** Minutes. */
  within?: number
  /** Seconds. */
  tryFor?: number
}

export interface Step {
  /** Seconds of waiting. */
  after: number
  /** Operators by id; everybody when absent. */
  who?: readonly string[]
  strategy: Strategy
  /** Phones of earlier steps ring on. */
  keepRinging?: boolean
}

export interface Queue {
  name: string
  strategy: Strategy
  isChanged: boolean
  atWork: number
  waiting: readonly Waiting[]
}

export type TalkState = 'together' | 'held' | 'asking' | 'consulting' | 'swapped'

export interface Talk {
  call: string
  state: TalkState
  /** The phone of whoever talks with the client. */
  with: string
  heldSince?: number
  others: readonly { phone: string; as: string }[]
}

export interface Parked {
  slot: number
  call: string
  from: string
  since: number
}

/** Who is on the line and why. */
export interface Card {
  call: string
  kind?: string
  isVip: boolean
  /** His phone, when it rings, can be made to answer. */
  answersItself?: boolean
  orders: number
  order?: {
    id: string
    stage: string
    stateName: string
    pickup?: string
    minutes?: number
    hasDriver: boolean
  }
}

/** Seconds, and numbers of calls. */
export interface Day {
  operator: string
  ready: number
  talking: number
  hold: number
  wrapUp: number
  notReady: number
  answered: number
  unanswered: number
  averageHandling?: number
  occupancy?: number
}

export type Target = { to: string } | { driver: true } | { place: string }
/** Where a supervisor moves somebody who waits. */
export type Goal = { to: string } | { operator: string }
export type Attendance = 'listen' | 'whisper' | 'barge' | 'take-over'
export type PlainVerb = 'hold' | 'unhold' | 'swap' | 'complete' | 'cancel' | 'conference' | 'park' | 'hang-up'

const queue = '/api/plugins/queue'
const control = '/api/plugins/talk-control'
const part = encodeURIComponent

export const work = {
  operators: () => ask<Operator[]>(`${queue}/operators`),
  pauseReasons: () => ask<string[]>(`${queue}/pause-reasons`),
  queues: () => ask<Queue[]>(`${queue}/queues`),
  talks: () => ask<Talk[]>(`${control}/talks`),
  parked: () => ask<Parked[]>(`${control}/parked`),
  card: (call: string) => ask<Card>(`${control}/calls/${part(call)}/card`),
  days: (from: number, until: number) =>
    ask<Day[]>(`${queue}/figures/operators?from=${from}&until=${Math.round(until)}`),

  signIn: (operator: string, extension: string) =>
    send(`${queue}/operators/${part(operator)}/sign-in`, extension === '' ? {} : { extension }),
  move: (operator: string, to: 'ready' | 'pause' | 'sign-out', reason?: string) =>
    send(`${queue}/operators/${part(operator)}/${to}`, reason === undefined ? {} : { reason }),

  decline: (operator: string) => send(`${queue}/operators/${part(operator)}/decline`, {}),

  answer: (call: string) => send(`${control}/calls/${part(call)}/answer`, {}),
  verb: (call: string, verb: PlainVerb) => send(`${control}/talks/${part(call)}/${verb}`, {}),
  transfer: (call: string, to: Target) => send(`${control}/talks/${part(call)}/transfer`, to),
  consult: (call: string, to: Target) => send(`${control}/talks/${part(call)}/consult`, to),
  dismiss: (call: string, phone: string) => send(`${control}/talks/${part(call)}/dismiss`, { phone }),
  attend: (call: string, way: Attendance, phone: string) =>
    send(`${control}/talks/${part(call)}/attend`, { way, ...(phone !== '' && { phone }) }),
  pickUp: (slot: number) => send(`${control}/parked/${slot}/pick-up`, {}),
  note: (call: string, text: string) => send(`${control}/calls/${part(call)}/notes`, { text }),

  moveWaiting: (call: string, to: Goal) => send(`${queue}/waiting/${part(call)}/move`, to),
  changeStrategy: (name: string, strategy: Strategy) =>
    send(`${queue}/queues/${part(name)}/strategy`, strategy, 'PUT'),
  undoStrategy: (name: string) => send(`${queue}/queues/${part(name)}/strategy/undo`, {}),
}
