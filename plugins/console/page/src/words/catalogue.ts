/** What every language has to say; the compiler names the one that forgets. */
import type { CallStep, Neighbour } from '../api.ts'
import type { WorkWords } from './work-words.ts'

/** Forms of a counted noun, as `Intl.PluralRules` names them. */
export type Counted = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }

/** A word for each name we know; another name is shown as it came. */
export type Names = Readonly<Record<string, string>>

export interface Catalogue extends WorkWords {
  /** The language's own name. */
  ownName: string
  /** BCP 47, for plural rules. */
  locale: string

  title: string
  skipToCalls: string
  signOut: string
  language: string
  theme: string
  themes: { auto: string; light: string; dark: string }
  shortcuts: string
  close: string

  signIn: {
    heading: string
    name: string
    password: string
    submit: string
    refused: string
    unreachable: string
    linkHint: string
    linkUsed: string
  }

  neighbours: string
  neighbour: Names
  neighbourStates: Record<Neighbour['state'], string>

  live: string
  ended: string
  found(phone: string): string
  all: string
  steps: Record<CallStep, string>
  results: Names
  kinds: Names
  first: string
  withheld: string

  columns: {
    state: string
    caller: string
    kind: string
    line: string
    time: string
    now: string
    ended: string
    result: string
    length: string
  }
  now: {
    ringing: string
    /** We ring him. */
    rung: string
    conversing(by: string): string
    waiting(place: string): string
    talking(partner: string): string
    heard(text: string): string
    pressed(key: string): string
    longerThan(seconds: number): string
  }
  /** Plugins and places. */
  by: Names

  noLive: string
  noLiveOf(step: string): string
  noEnded: string
  noEndedOf(result: string): string
  noFound(phone: string): string
  calls: Counted
  showAll: string

  search: { label: string; placeholder: string; submit: string; clear: string; failed: string }
  stale(seconds: number): string
  staleHint: string
  failed: string
  tryAgain: string

  story: {
    heading: string
    choose: string
    copy: string
    copied: string
    allOfNumber: string
    join(order: string): string
    joining: string
    decided: string
    source: string
    because: string
    noFacts: string
    loading: string
    facts: StoryWords
  }
  /** Reasons the house gives by name. */
  reasons: Names

  keys: { heading: string; rows: readonly (readonly [keys: string, does: string])[] }
}

export interface StoryWords {
  offered(blanks: { from: string; line: string }): string
  placed(blanks: { to: string; line: string }): string
  offeredAgain: string
  identified(kind: string): string
  notLookedUp: string
  withOrder(order: string): string
  welcome: string
  prefer: string
  first(operator: string): string
  refuse: string
  talk: string
  greet: string
  sendTo(place: string): string
  answered: string
  pickedUp: string
  conversing(by: string): string
  told(text: string): string
  cutShort: string
  pressed(key: string): string
  chosen(what: string): string
  routed(trunk: string): string
  noted(text: string): string
  waiting(place: string): string
  rung(operator: string): string
  ringsOn(operator: string): string
  toldToAnswer(operator: string): string
  missed(blanks: { operator: string; outcome: string }): string
  talking(partner: string): string
  talkEnded: string
  recordingStarted: string
  recorded(length: string): string
  linked: string
  served: string
  failed(code: string): string
  ended(result: string): string
  about(order: string): string
  cancelled(order: string): string
  stage(blanks: { order: string; stage: string }): string
  /** We called him by ourselves to tell how his order stands. */
  clientCalled(blanks: { order: string | undefined; result: string }): string
  calledAgain(time: string): string
  /** What came of such a call. */
  callResults: Names
  outcomes: Names
  dispatch: string
}
