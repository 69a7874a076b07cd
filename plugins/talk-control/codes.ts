import type { TalkState } from '#core/calls/talk-state.ts'
import type { Settings } from './settings.ts'

const deeds = ['warm', 'blind', 'conference', 'hold', 'park', 'driver', 'back'] as const
export type Deed = (typeof deeds)[number]

export type Order =
  | { is: 'complete' | 'wrong' }
  | { is: Deed; number: string }
  | { is: Exclude<Deed, 'warm' | 'blind'> }

export type Read = { is: 'begun' } | { is: 'no code' } | Order

/** Ends a number. */
const finish = '#'
const longestNumber = 15

/** What the keys pressed so far mean; asked after each key. Who consults already names nobody: he completes. */
export function readCode(typed: string, state: TalkState, codes: Settings['codes']): Read {
  const used = deeds.filter((deed) => codes[deed] !== '')
  const deed = used.find((each) => typed.startsWith(codes[each]))
  if (deed) return readRest(deed, typed.slice(codes[deed].length), state)
  if (used.some((each) => codes[each].startsWith(typed))) return { is: 'begun' }
  return { is: typed.length > 1 ? 'wrong' : 'no code' }
}

function readRest(deed: Deed, rest: string, state: TalkState): Read {
  if (deed !== 'warm' && deed !== 'blind') return { is: deed }
  if (deed === 'warm' && state !== 'together' && state !== 'held') return { is: 'complete' }
  const number = rest.endsWith(finish) ? rest.slice(0, -1) : rest
  const isNumber = /^[0-9]*$/.test(number) && number.length <= longestNumber
  if (!isNumber || rest === finish) return { is: 'wrong' }
  return rest === number ? { is: 'begun' } : { is: deed, number }
}

/** One code that begins another would never let it be finished. */
export function mistakesIn({ codes }: Settings): string[] {
  const used = deeds.filter((deed) => codes[deed] !== '')
  return used.flatMap((one) =>
    used
      .filter((other) => other !== one && codes[other].startsWith(codes[one]))
      .map((other) => `The code ${codes[one]} of ${one} begins the code ${codes[other]} of ${other}.`),
  )
}
