import type { Clock } from '#core/clock.ts'
import type { Chance } from './chance.ts'
import type { Channel } from './channel.ts'
import type { Party } from './party.ts'
import type { Person } from './person.ts'

/**
 * What the owner of a phone does when it rings. Times in seconds; nothing said: it rings until a test acts. A phone
 * that is told to answer by itself does.
 */
export interface PhoneHabits {
  answersAfter?: number | (() => number)
  rejects?: boolean
  busy?: boolean
  unreachable?: boolean
  /** Hangs up after talking for so long. */
  talksFor?: number | (() => number)
}

interface Bell {
  answer(): void
  reject(): void
}

export interface PhoneServices {
  clock: Clock
  chance: Chance
  person(party: Party): Person
}

const seconds = (value: number | (() => number)) => (typeof value === 'number' ? value : value())

/** A phone of the simulated world: an operator's, a passenger's, a driver's. */
export class Phone {
  readonly number: string
  habits: PhoneHabits
  /** Everybody who was ever called here, newest last. */
  readonly calls: Person[] = []
  readonly #services: PhoneServices
  #bell: Bell | undefined
  #waits: ((person: Person) => void)[] = []

  constructor(number: string, habits: PhoneHabits, services: PhoneServices) {
    this.number = number
    this.habits = habits
    this.#services = services
  }

  /** Why it cannot ring now. A phone has one line. */
  get obstacle(): 'busy' | 'unreachable' | undefined {
    if (this.habits.unreachable) return 'unreachable'
    if (this.habits.busy || this.calls.slice(0, -1).some(({ stage }) => stage !== 'ended')) return 'busy'
    return undefined
  }

  get isRinging(): boolean {
    return this.#bell !== undefined
  }

  /** Resolves with the call once the phone rings, now or next. */
  rung(): Promise<Person> {
    const last = this.calls.at(-1)
    if (this.#bell && last) return Promise.resolve(last)
    return new Promise((resolve) => this.#waits.push(resolve))
  }

  answer(): void {
    this.#bell?.answer()
    this.#bell = undefined
  }

  reject(): void {
    this.#bell?.reject()
    this.#bell = undefined
  }

  /** A call is being set up to here. */
  expect(party: Party): void {
    this.calls.push(this.#services.person(party))
    if (this.calls.length > 50) this.calls.shift()
  }

  ring(channel: Channel, bell: Bell): void {
    const { clock } = this.#services
    const person = this.calls.find(({ leg }) => leg === channel.id)
    if (!person) return
    this.#bell = bell
    channel.life.addEventListener('abort', () => this.#silence(bell), { once: true })
    for (const tell of this.#waits.splice(0)) tell(person)

    const { rejects, talksFor } = this.habits
    const answersAfter = isToldToAnswer(channel) ? 0 : this.habits.answersAfter
    const decide = rejects ? () => this.reject() : () => this.answer()
    if (rejects || answersAfter !== undefined)
      clock.after(seconds(answersAfter ?? 0) * 1000, () => {
        if (this.#bell === bell) decide()
      })
    if (talksFor !== undefined) {
      const hangUp = () => clock.after(seconds(talksFor) * 1000, () => person.hangUp())
      person.until('talking').then(hangUp, () => undefined)
    }
  }

  #silence(bell: Bell): void {
    if (this.#bell === bell) this.#bell = undefined
  }
}

function isToldToAnswer({ variables }: Channel): boolean {
  return variables.get('PJSIP_HEADER(add,Call-Info)')?.includes('answer-after=0') ?? false
}

/** Every phone that can be called, by its number with or without `+`. */
export class PhoneBook {
  readonly #phones = new Map<string, Phone>()
  readonly #services: PhoneServices

  constructor(services: PhoneServices) {
    this.#services = services
  }

  /** The phone of that number with those habits, made if it is new. */
  set(number: string, habits: PhoneHabits): Phone {
    const known = this.find(number)
    if (known) {
      known.habits = habits
      return known
    }
    const phone = new Phone(number, habits, this.#services)
    this.#phones.set(bare(number), phone)
    return phone
  }

  find(number: string): Phone | undefined {
    return this.#phones.get(bare(number))
  }

  all(): Phone[] {
    return [...this.#phones.values()]
  }
}

const bare = (number: string) => number.replace(/^\+/, '')
