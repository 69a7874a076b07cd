/** What the desk of an operator and the floor of a supervisor say. */
import type { Effect } from '../tariff-history.ts'
import type { Attendance, OperatorState, TalkState } from '../work-api.ts'
import type { Names } from './catalogue.ts'

export interface WorkWords {
  views: { label: string; calls: string; desk: string; floor: string; tariffs: string }
  tariffs: {
    heading: string
    zone(blanks: { zone: string; rise: number }): string
    off: string
    usual: string
    /** No weather has come for too long. */
    lost: string
    rain(millimetres: string): string
    snow(millimetres: string): string
    wind(speed: string): string
    ice: string
    storm: string
    until(blanks: { who: string; time: string }): string
    back: string
    byHand: {
      legend(zone: string): string
      rise: string
      minutes: string
      because: string
      submit: string
    }
    history: string
    none: string
    older: string
    when: string
    where: string
    change: string
    up: string
    down: string
    why: string
    /** Sentences of the house. */
    reasons: Names
    after(decider: string): string
    who: string
    deciders: Names
    effect: string
    effects: Record<Effect, string>
  }
  /** Stages of an order. */
  stages: Names
  /** How somebody beside the two is in a talk. */
  attends: Names

  operators: {
    states: Record<OperatorState, string>
    /** Why somebody makes a pause. */
    reasons: Names
    reason: string
    flags: Names
    /** His phone cannot be reached. */
    away: string
    ready: string
    notReady: string
    signOut: string
  }

  desk: {
    at(extension: string): string
    /** What follows the call. */
    afterwards(state: string): string
    extension: string
    signIn: string
    noCall: string
    rings: string
    answer: string
    orLift: string
    liftHandset: string
    /** The second line of a phone that is in a talk. */
    secondRings: string
    takeSecond: string
    firstIsHeld: string
    pressSecondKey: string
    leaveSecond: string
    otherLine: string
    backToOther: string
    changeLine: string
    talks: Record<TalkState, string>
    /** The talk is over. */
    was: string
    waited: string
    order: string
    noOrder: string
    orders: string
    pickup: string
    carIn(minutes: number): string
    story: string

    hold: string
    resume: string
    giveOn: string
    toWhom: string
    driver: string
    number: string
    transfer: string
    consult: string
    swap: string
    complete: string
    cancel: string
    conference: string
    letGo(phone: string): string
    park: string
    hangUp: string

    note: string
    keepNote: string
    noteKept: string

    parked: string
    pickUp: string

    day: {
      heading: string
      answered: string
      unanswered: string
      averageHandling: string
      talking: string
      wrapUp: string
      ready: string
      notReady: string
      occupancy: string
    }
  }

  /** What happened in queues and talks. */
  work: {
    queued(blanks: { queue: string; position: number }): string
    offered(operator: string): string
    given(operator: string): string
    left(blanks: { queue: string; outcome: string }): string
    /** How a stay in a queue ended. */
    outcomes: Names
    held: string
    unheld(length: string): string
    joined(blanks: { phone: string; how: string }): string
    leftTalk(phone: string): string
    transferred(blanks: { from: string; to: string }): string
    parked(slot: number): string
    pickedUp(blanks: { slot: number; phone: string }): string
  }

  floor: {
    queues: string
    queue(name: string): string
    operators: string
    operator: string
    talks: string
    nobodyWaits: string
    noTalks: string
    more(count: number): string
    atWork(count: number): string
    position: string
    waits: string
    priority: string
    promise: string
    ringsAt: string
    /** He will be called back. */
    away: string
    /** Nobody else is asked. */
    waitsFor(operator: string): string
    flags: string
    moves: string
    move: string
    doMove: string
    strategy: string
    strategies: Names
    /** Within `least_talk_today`. */
    perHour: string
    /** Within `weighted`. */
    byChance: string
    /** Within `last_operator`. */
    within: string
    tryFor: string
    /** Within `skills`. */
    fall: string
    every: string
    /** Within `steps`. */
    step(number: number): string
    after: string
    everybody: string
    keepRinging: string
    addStep: string
    remove: string
    change: string
    undo: string
    talkStates: Record<TalkState, string>
    attend: string
    ways: Record<Attendance, string>
    leave: string
    myPhone: string
  }
}
