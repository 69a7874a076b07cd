/** A rehearsed story in sentences. */
import type { Stamped } from '../call-bus/events.ts'
import type { Rehearsal } from './rehearsal.ts'

type Told = Rehearsal['story'][number]

/** One line for each step: seconds since the first ring and what happens. */
export function toLines({ story }: Pick<Rehearsal, 'story'>): string[] {
  const start = story[0]?.at ?? 0
  return story.flatMap((told) => {
    const sentence = told.name === 'would' ? told.sentence : toSentence(told)
    if (sentence === undefined) return []
    return [`${String(Math.round((told.at - start) / 1_000)).padStart(4)} s  ${sentence}`]
  })
}

function toSentence(fact: Stamped): string | undefined {
  switch (fact.name) {
    case 'call.offered':
      return `rings on the line ${fact.data.line}`
    case 'call.identified':
      return fact.data.lookedUp
        ? `the dispatch program says: ${fact.data.kind}${fact.data.order === undefined ? '' : ` with order ${fact.data.order}`}`
        : `nobody says who it is: ${fact.data.because}`
    case 'call.screened':
      return `${fact.data.by} decides: ${fact.data.verdict}${because(fact.data.because)}`
    case 'call.answered':
      return 'is answered'
    case 'call.conversing':
      return `speaks with ${fact.data.by}`
    case 'call.told':
      return `hears${fact.data.heard ? '' : ' the beginning of'}: ${fact.data.text}`
    case 'call.key-pressed':
      return `presses ${fact.data.key}`
    case 'call.chosen':
      return `has chosen ${Object.entries(fact.data.what)
        .map(([what, which]) => `${what} ${which}`)
        .join(', ')}`
    case 'call.waiting':
      return `waits at ${fact.data.place} with priority ${fact.data.priority}${because(fact.data.because)}`
    case 'call.operator-rung':
      return `${fact.data.operator} would ring`
    case 'call.operator-missed':
      return `${fact.data.operator} does not take the call: ${fact.data.outcome}`
    case 'call.talking':
      return `talks with ${fact.data.with}`
    case 'call.served':
      return `is served${because(fact.data.because)}`
    case 'call.failed':
      return `something breaks in ${fact.data.by}: ${fact.data.because}`
    case 'queue.left':
      return `leaves the queue ${fact.data.queue}: ${fact.data.outcome}${because(fact.data.because)}`
    case 'queue.entered':
      return `is number ${fact.data.position} in the queue ${fact.data.queue}`
    case 'call.ended':
      return `the call ends: ${fact.data.result}${because(fact.data.because)}`
    default:
      return undefined
  }
}

function because(reason: string | undefined): string {
  return reason === undefined ? '' : `, because ${reason}`
}

/** Where he ends up, and why. */
export function toEnding({ story, ending }: Pick<Rehearsal, 'story' | 'ending'>): string {
  const facts = story.filter((told): told is Exclude<Told, { name: 'would' }> => told.name !== 'would')
  const last = <Name extends Stamped['name']>(name: Name) =>
    facts.findLast((fact): fact is Extract<Stamped, { name: Name }> => fact.name === name)
  const place = last('call.waiting')?.data.place
  switch (ending) {
    case 'talks':
      return `He talks with ${last('call.talking')?.data.with}${place === undefined ? '' : `, after waiting at ${place}`}.`
    case 'released':
      return `He is given to the exchange's own fallback${because(last('call.ended')?.data.because)}.`
    case 'ended':
      return `The call ends (${last('call.ended')?.data.result})${because(last('call.ended')?.data.because)}.`
    case 'waits on':
      return `He still waits${place === undefined ? '' : ` at ${place}`} when the rehearsal ends.`
  }
}
