/** What a waiting caller means by the keys he presses. */
import type { Clock } from '#core/clock.ts'
import { type Caller, firstOf } from '#core/plugin.ts'
import type { Roster } from './roster.ts'
import type { Settings } from './settings.ts'

export type Choice =
  | { is: 'place'; to: string }
  | { is: 'extension'; extension: string }
  | { is: 'call-back' }
type Meaning = Choice | { is: 'repeat' }

/** `mayGoOn`: more keys may make an extension of it. */
export interface Reading {
  meaning?: Meaning
  mayGoOn: boolean
}

/** Digits that belong to one extension come within so many milliseconds of each other. */
const between = 4_000
/** So long, in milliseconds, a key that has a meaning waits for those that would give it another one. */
const undecided = 1_500

export function read(
  typed: string,
  { keys, dialExtensions }: Pick<Settings, 'keys' | 'dialExtensions'>,
  people: ReturnType<Roster['list']>,
): Reading {
  const extensions = dialExtensions ? people.flatMap(({ extension = '' }) => extension) : []
  const mayGoOn = extensions.some((each) => each.length > typed.length && each.startsWith(typed))
  if (typed !== '' && extensions.includes(typed))
    return { meaning: { is: 'extension', extension: typed }, mayGoOn }
  const action = keys[typed]
  if (action === undefined) return { mayGoOn }
  if (action === 'repeat' || action === 'call-back') return { meaning: { is: action }, mayGoOn }
  const extension = people.find(({ id }) => id === action)?.extension
  return {
    meaning: extension === undefined ? { is: 'place', to: action } : { is: 'extension', extension },
    mayGoOn,
  }
}

/** The next thing he wants, at whatever moment he says so. */
export async function hearChoice(
  caller: Caller,
  parts: { clock: Clock; roster: Roster; settings: Settings },
  signal: AbortSignal,
): Promise<Meaning> {
  const { clock, roster, settings } = parts
  let typed = ''
  let key: string | undefined = await caller.nextKey(signal)
  for (;;) {
    if (key !== undefined) typed += key
    let { meaning, mayGoOn } = read(typed, settings, roster.list())
    if (!meaning && !mayGoOn && key !== undefined && typed !== key) {
      typed = key
      ;({ meaning, mayGoOn } = read(typed, settings, roster.list()))
    }
    if (meaning && (!mayGoOn || key === undefined)) return meaning
    if (!mayGoOn || key === undefined) {
      typed = ''
      key = await caller.nextKey(signal)
    } else key = await keyWithin(caller, clock, meaning ? undecided : between, signal)
  }
}

/** `undefined` for silence. */
async function keyWithin(
  caller: Caller,
  clock: Clock,
  milliseconds: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  const first = await firstOf(signal, {
    key: (until) => caller.nextKey(until),
    silence: (until) => clock.sleep(milliseconds, until),
  })
  return first.won === 'key' ? first.value : undefined
}
