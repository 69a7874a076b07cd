/** What happened to a call in queues and talks, in human words. */
import type { Stamped } from './api.ts'
import { timer } from './format.ts'
import type { Teller, Told } from './story.ts'
import { nameOf } from './words/name-of.ts'

export function toldOfWork(fact: Stamped, { words, toPhone }: Teller): Told | undefined {
  const say = words.work
  switch (fact.name) {
    case 'queue.entered': {
      const { queue, position } = fact.data
      return { shape: 'waiting', sentence: say.queued({ queue: nameOf(words.by, queue), position }) }
    }
    case 'queue.offered':
      return { shape: 'ringing', sentence: say.offered(fact.data.operator) }
    case 'queue.given':
      return {
        shape: 'waiting',
        sentence: say.given(fact.data.operator),
        by: personOf(fact.data.by),
      }
    case 'queue.left': {
      const outcome = nameOf(say.outcomes, fact.data.outcome)
      return { shape: 'ended', sentence: say.left({ queue: nameOf(words.by, fact.data.queue), outcome }) }
    }
    case 'call.held':
      return { shape: 'waiting', sentence: say.held, by: personOf(fact.data.by) }
    case 'call.unheld':
      return { shape: 'talking', sentence: say.unheld(timer(fact.data.seconds * 1000)) }
    case 'call.joined': {
      const how = nameOf(words.attends, fact.data.as)
      const sentence = say.joined({ phone: toPhone(fact.data.phone), how })
      return { shape: 'talking', sentence, by: personOf(fact.data.by) }
    }
    case 'call.left':
      return { shape: 'ended', sentence: say.leftTalk(toPhone(fact.data.phone)) }
    case 'call.transferred': {
      const to = nameOf(words.by, toPhone(fact.data.to))
      const sentence = say.transferred({ from: toPhone(fact.data.from), to })
      return { shape: 'ringing', sentence, by: personOf(fact.data.by) }
    }
    case 'call.parked':
      return { shape: 'waiting', sentence: say.parked(fact.data.slot), by: personOf(fact.data.by) }
    case 'call.picked-up': {
      const sentence = say.pickedUp({ slot: fact.data.slot, phone: toPhone(fact.data.phone) })
      return { shape: 'ringing', sentence, by: personOf(fact.data.by) }
    }
    default:
      return undefined
  }
}

/** As people call whoever did something. */
export function personOf(by: string): string {
  return by.replace(/^user:/, '')
}
