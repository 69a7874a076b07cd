import type { Clock } from '#core/clock.ts'
import { type Chance, openChance } from './chance.ts'
import type { Person } from './person.ts'
import type { AriSimulator } from './simulator.ts'

export interface PassengersOptions {
  exchange: Pick<AriSimulator, 'ring' | 'phone'>
  clock: Clock
  seed?: number
  /** Which of our lines they call. */
  lines?: readonly [string, ...string[]]
  /** How many may be on a call at once. */
  atOnce?: number
  operators?: readonly string[]
}

export interface Passengers extends AsyncDisposable {
  /** Who calls now. */
  readonly calling: readonly Person[]
  /** Everybody hangs up and nobody calls any more. */
  stop(): Promise<void>
}

const numbered = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix}${String(index + 1).padStart(7, '0')}`)

/** The simulated dispatch program knows the same people. */
export const clients = numbered('+38067', 40)
export const drivers = numbered('+38050', 20)

/** What a caller does with the keys of a menu: most who press want to know or want a person. */
const habits = [
  ['2'],
  ['2'],
  ['2'],
  ['1'],
  ['1'],
  ['9'],
  ['9', '2'],
  ['0', '0'],
  ['0', '2'],
  [],
  [],
  [],
  [],
] as const

/** Most are content. */
const marks = ['5', '5', '5', '4', '4', '3', '1'] as const

/** The living company's people: passengers and drivers who call at a humane pace, operators who take up. */
export function startPassengers({
  exchange,
  clock,
  seed = 1,
  lines = ['+380441234567'],
  atOnce = 6,
  operators = ['101', '102', '103'],
}: PassengersOptions): Passengers {
  const chance = openChance(seed)
  const over = new AbortController()
  const calling = new Map<string, Person>()
  const calls = new Set<Promise<void>>()

  for (const operator of operators) {
    exchange.phone(operator, {
      answersAfter: () => chance.between(2, 7),
      talksFor: () => chance.between(12, 40),
    })
  }
  for (const mobile of [...clients, ...drivers]) {
    exchange.phone(mobile, {
      answersAfter: () => chance.between(3, 9),
      talksFor: () => chance.between(8, 25),
    })
  }
  const arriving = arrive()

  async function arrive(): Promise<void> {
    await pause(1)
    while (!over.signal.aborted) {
      const who = chooseCaller(chance)
      const own = openChance(Math.floor(chance.next() * 2 ** 32))
      const isFree = who.from === undefined || !calling.has(who.key)
      if (isFree && calls.size < atOnce) begin(who, own)
      await pause(chance.between(3, 9))
    }
  }

  function begin({ from, key }: Who, own: Chance): void {
    const person = exchange.ring({ ...(from === undefined ? {} : { from }), to: own.pick(lines) })
    calling.set(key, person)
    const call = live(person, own).finally(async () => {
      person.hangUp()
      await person.until('ended')
      calling.delete(key)
      calls.delete(call)
    })
    calls.add(call)
  }

  /** One call as the caller lives it. */
  async function live(person: Person, own: Chance): Promise<void> {
    if (!(await reaches(person, 'answered', own.between(20, 45)))) return
    await pause(own.between(3, 10))
    for (const key of own.pick(habits)) {
      person.press(key)
      await pause(own.between(2, 6))
    }
    const changesMind = own.next() < 0.12
    if (changesMind) return
    if (!(await reaches(person, 'talking', own.between(30, 90)))) return
    if (await reaches(person, 'ended', own.between(10, 60))) return
    // Whoever is still there after the talk is being asked how it was.
    if (!person.isTalking) person.press(own.pick(marks))
    await reaches(person, 'ended', 10)
  }

  /** Whether the call came so far within so many seconds. */
  async function reaches(
    person: Person,
    stage: 'answered' | 'talking' | 'ended',
    seconds: number,
  ): Promise<boolean> {
    const waiting = new AbortController()
    try {
      return await Promise.race([
        person.until(stage).then(
          () => true,
          () => false,
        ),
        clock.sleep(seconds * 1000, AbortSignal.any([waiting.signal, over.signal])).then(
          () => false,
          () => false,
        ),
      ])
    } finally {
      waiting.abort()
    }
  }

  async function pause(seconds: number): Promise<void> {
    await clock.sleep(seconds * 1000, over.signal).catch(() => undefined)
  }

  async function stop(): Promise<void> {
    over.abort()
    await arriving
    await Promise.all(calls)
  }

  return {
    get calling() {
      return [...calling.values()]
    },
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

interface Who {
  /** Left out: withheld. */
  from?: string
  key: string
}

function chooseCaller(chance: Chance): Who {
  const kind = chance.next()
  const one = chance.next()
  if (kind < 0.65) return known(clients, one)
  if (kind < 0.75) return known(drivers, one)
  if (kind < 0.9) {
    const from = `+38093${String(Math.floor(one * 1e7)).padStart(7, '0')}`
    return { from, key: from }
  }
  return { key: `withheld-${one}` }
}

function known(numbers: readonly string[], one: number): Who {
  const from = numbers[Math.floor(one * numbers.length)] ?? ''
  return { from, key: from }
}
