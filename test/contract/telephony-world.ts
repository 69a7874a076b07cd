/** What the telephony contract needs of a world: people around an exchange, and a count of what lives in it. */
import type { TestContext } from 'node:test'
import type { Media, Telephony, TelephonyEvent } from '#core/ports/telephony.ts'

/** A steady tone in a file; its pitch tells it from the others. */
export interface Sound extends Media {
  name: string
  hertz: number
}

export interface Human {
  answered(): Promise<void>
  ended(): Promise<void>
  press(key: string): Promise<void>
  hangUp(): Promise<void>
  /** Resolves once they hear it, counted from when it is asked. */
  hears(what: Sound | Human | 'music' | 'island'): Promise<void>
  /** Resolves once they have heard others for a while and never this one; rejects as soon as they do. */
  hearsNot(who: Human): Promise<void>
  /** Which of these they have heard so far, in the order they began. */
  heard(sounds: readonly Sound[]): string[]
}

export type Habit = 'answers' | 'rings on' | 'busy' | 'rejects' | 'unknown number'

export interface CalledPhone {
  /** The address to dial. */
  to: string
  /** Resolves with who holds it once it rings, or at once when it answers. */
  rung(): Promise<Human>
}

export interface World {
  /** Somebody calls one of our lines; without `from` the number is withheld. */
  ring(order: { from?: string; to: string }): Promise<Human>
  /** A phone that does so when it is called; each call of this gives another phone. */
  phone(habit: Habit): Promise<CalledPhone>
  alive(): Promise<{ channels: number; bridges: number; playbacks: number }>
}

export interface Connection {
  port: Telephony
  events: EventLog
}

export interface House extends Connection {
  world: World
  /** Ends our side of the connection and connects anew, as after a restart of the house. */
  restart(): Promise<Connection>
}

export type OpenHouse = (t: TestContext) => Promise<House>

type Named<Name extends TelephonyEvent['name']> = Extract<TelephonyEvent, { name: Name }>

/** Everything the adapter reported, in order, and a way to wait for more. */
export class EventLog {
  readonly all: TelephonyEvent[] = []
  readonly #waits = new Set<(event: TelephonyEvent) => void>()

  readonly report = (event: TelephonyEvent): void => {
    this.all.push(event)
    for (const wait of [...this.#waits]) wait(event)
  }

  /** The first event of that name that fits, already told or still to come. */
  next<Name extends TelephonyEvent['name']>(
    name: Name,
    fits: (event: Named<Name>) => boolean = () => true,
  ): Promise<Named<Name>> {
    const isIt = (event: TelephonyEvent): event is Named<Name> =>
      event.name === name && fits(event as Named<Name>)
    const known = this.all.find(isIt)
    if (known) return Promise.resolve(known)
    return new Promise((resolve) => {
      const wait = (event: TelephonyEvent) => {
        if (!isIt(event)) return
        this.#waits.delete(wait)
        resolve(event)
      }
      this.#waits.add(wait)
    })
  }

  /** What was told of one leg, by name. */
  of(leg: string): string[] {
    return this.all.filter((event) => 'leg' in event && event.leg === leg).map(({ name }) => name)
  }
}
