/** A fact of a call in human words: what happened, who decided it, and why. */
import type { CallView, Stamped } from './api.ts'
import type { ShapeName } from './components/shape.tsx'
import { moment, timer } from './format.ts'
import type { Catalogue } from './words/catalogue.ts'
import { nameOf } from './words/name-of.ts'
import { personOf, toldOfWork } from './work-story.ts'

export interface Told {
  shape: ShapeName
  sentence: string
  by?: string
  source?: string
  because?: string
}

export interface Teller {
  words: Catalogue
  /** A number the way people read it. */
  toPhone(number: string): string
  /** Of the call. */
  direction: CallView['direction']
}

export function told(fact: Stamped, { words, toPhone, direction }: Teller): Told {
  const say = words.story.facts
  const by = (name: string) => nameOf(words.by, name)
  const because = (reason: string | undefined) => (reason ? { because: nameOf(words.reasons, reason) } : {})

  switch (fact.name) {
    case 'call.offered': {
      if (fact.data.again) return { shape: 'ringing', sentence: say.offeredAgain }
      const from = fact.data.from === undefined ? words.withheld : toPhone(fact.data.from)
      return { shape: 'ringing', sentence: say.offered({ from, line: fact.data.line }) }
    }
    case 'call.placed':
      if (fact.data.again) return { shape: 'ringing', sentence: say.offeredAgain }
      return {
        shape: 'ringing',
        sentence: say.placed({ to: toPhone(fact.data.to), line: fact.data.line }),
        ...because(fact.data.because),
      }
    case 'call.identified': {
      const kind = nameOf(words.kinds, fact.data.kind)
      const sentence = fact.data.lookedUp ? say.identified(kind) : say.notLookedUp
      const order = fact.data.order === undefined ? '' : `, ${say.withOrder(fact.data.order)}`
      return {
        shape: 'ended',
        sentence: sentence + order,
        source: say.dispatch,
        ...because(fact.data.because),
      }
    }
    case 'call.screened':
      return {
        shape: fact.data.verdict === 'refuse' ? 'alarm' : 'ended',
        sentence: verdict(fact.data.verdict, words),
        by: by(fact.data.by),
        ...because(fact.data.because),
      }
    case 'call.answered':
      return { shape: 'ready', sentence: direction === 'out' ? say.pickedUp : say.answered }
    case 'call.conversing':
      return { shape: 'conversing', sentence: say.conversing(by(fact.data.by)) }
    case 'call.told':
      return {
        shape: 'conversing',
        sentence: say.told(fact.data.text) + (fact.data.heard ? '' : ` (${say.cutShort})`),
      }
    case 'call.key-pressed':
      return { shape: 'ended', sentence: say.pressed(fact.data.key) }
    case 'call.chosen': {
      const what = Object.entries(fact.data.what).map(([name, value]) => `${name} ${value}`)
      return { shape: 'ended', sentence: say.chosen(what.join(', ')) }
    }
    case 'call.routed':
      return { shape: 'ringing', sentence: say.routed(fact.data.trunk), ...because(fact.data.because) }
    case 'call.waiting':
      return { shape: 'waiting', sentence: say.waiting(by(fact.data.place)), ...because(fact.data.because) }
    case 'call.operator-rung': {
      const { operator, again, by } = fact.data
      const tell = by !== undefined ? say.toldToAnswer : again ? say.ringsOn : say.rung
      return { shape: 'ringing', sentence: tell(operator) }
    }
    case 'call.operator-missed': {
      const outcome = nameOf(say.outcomes, fact.data.outcome)
      return { shape: 'ended', sentence: say.missed({ operator: fact.data.operator, outcome }) }
    }
    case 'call.talking':
      return { shape: 'talking', sentence: say.talking(toPhone(fact.data.with)) }
    case 'call.talk-ended':
      return { shape: 'ended', sentence: say.talkEnded, ...because(fact.data.because) }
    case 'call.recording-started':
      return { shape: 'ended', sentence: say.recordingStarted }
    case 'call.recorded':
      return { shape: 'ended', sentence: say.recorded(timer(fact.data.seconds * 1000)) }
    case 'call.recording-linked':
      return { shape: 'ended', sentence: say.linked, source: say.dispatch }
    case 'call.served':
      return { shape: 'ready', sentence: say.served, ...because(fact.data.because) }
    case 'call.failed':
      return {
        shape: 'alarm',
        sentence: say.failed(fact.data.code),
        by: by(fact.data.by),
        ...because(fact.data.because),
      }
    case 'call.ended':
      return {
        shape: 'ended',
        sentence: say.ended(nameOf(words.results, fact.data.result)),
        ...because(fact.data.because),
      }
    case 'call.noted':
      return {
        shape: 'ended',
        sentence: say.noted(fact.data.text),
        source: personOf(fact.data.by),
      }
    case 'call.about-order':
      return { shape: 'ended', sentence: say.about(fact.data.order), by: by(fact.data.by) }
    case 'order.cancelled':
      return { shape: 'alarm', sentence: say.cancelled(fact.data.order), by: by(fact.data.by) }
    case 'order.stage-changed':
      return {
        shape: 'ended',
        sentence: say.stage({ order: fact.data.order, stage: fact.data.stateName }),
        source: say.dispatch,
      }
    case 'order.client-called': {
      const { order, nextAt } = fact.data
      const called = say.clientCalled({ order, result: nameOf(say.callResults, fact.data.result) })
      const again = nextAt === undefined ? '' : `; ${say.calledAgain(moment(nextAt, fact.at))}`
      return { shape: 'ended', sentence: called + again, by: by(fact.data.by) }
    }
    default:
      return toldOfWork(fact, { words, toPhone, direction }) ?? { shape: 'ended', sentence: fact.name }
  }
}

/** The order the call is about, as the story knows it by now. */
export function orderOf(facts: readonly Stamped[]): string | undefined {
  const told = facts.findLast(({ name }) => name === 'call.about-order')
  const known = told ?? facts.findLast(({ name }) => name === 'call.identified')
  return known && 'order' in known.data ? known.data.order : undefined
}

function verdict(name: string, words: Catalogue): string {
  const say = words.story.facts
  if (name === 'welcome') return say.welcome
  if (name === 'refuse') return say.refuse
  if (name === 'talk') return say.talk
  if (name === 'greet') return say.greet
  if (name.startsWith('prefer')) return say.prefer
  if (name.startsWith('first ')) return say.first(name.slice('first '.length))
  if (name.startsWith('send to ')) return say.sendTo(nameOf(words.by, name.slice('send to '.length)))
  return name
}
