import { CallbusError } from '#core/errors.ts'
import type { Services } from '#core/plugin.ts'
import type { CallId } from '#core/schema.ts'
import type { Settings } from './settings.ts'

/** Whose phone shall ring, and what it shows. */
export interface Target {
  phone: string
  show: 'caller' | 'company'
}

export function isOutside(phone: string): boolean {
  return /^\+?[0-9]{7,}$/.test(phone)
}

/** A number as people dial it; phones outside see the company's number. */
export function toTarget(to: string, phones: Pick<Services['phones'], 'toE164'>): Target {
  return isOutside(to) ? { phone: phones.toE164(to) ?? to, show: 'company' } : { phone: to, show: 'caller' }
}

export type Errand =
  /** To be rung; whoever gave him on is rung again if that fails. */
  { is: 'transfer'; to: Target; from: string } | { is: 'park'; slot: number; from: string }

export interface Parked {
  slot: number
  call: CallId
  from: string
  since: number
}

/** What is to be done with each client who leaves a talk, and who is parked where. */
export interface Errands {
  give(call: CallId, errand: Errand): void
  take(call: CallId): Errand | undefined
  /** TALK_REFUSED when every slot is taken. */
  freeSlot(call: CallId): number
  /** Until disposed he can be picked up there. */
  park(parked: Parked): Disposable & { pickedUp(signal: AbortSignal): Promise<string> }
  readonly parked: readonly Parked[]
  /** Somebody will pick him up in a moment, and nobody else is promised him: in this slot, or who waits longest. */
  promise(slot: number | undefined): Promised | undefined
  /** The phone that shall have him; NOT_FOUND when nobody is parked there. */
  pickUp(slot: number, phone: string): Parked
  forget(call: CallId): void
}

/** Disposed without being picked up he is there for others. */
export interface Promised extends Disposable {
  readonly slot: number
  /** Does nothing when he is not there any more. */
  pickUp(phone: string): void
}

interface Place {
  parked: Parked
  isPromised: boolean
  wanted?: (phone: string) => void
}

export function openErrands({ parking }: Settings): Errands {
  const errands = new Map<CallId, Errand>()
  const slots = new Map<number, Place>()

  function isTaken(slot: number): boolean {
    return slots.has(slot) || [...errands.values()].some((each) => each.is === 'park' && each.slot === slot)
  }

  return {
    give: (call, errand) => void errands.set(call, errand),
    take(call) {
      const errand = errands.get(call)
      errands.delete(call)
      return errand
    },

    freeSlot(call) {
      const all = Array.from({ length: parking.slots }, (_, index) => parking.first + index)
      const slot = all.find((each) => !isTaken(each))
      if (slot === undefined) throw new CallbusError('TALK_REFUSED', { call, because: 'every slot is taken' })
      return slot
    },

    park(parked) {
      const place: Place = { parked, isPromised: false }
      slots.set(parked.slot, place)
      return {
        async pickedUp(signal) {
          signal.throwIfAborted()
          const { promise, resolve, reject } = Promise.withResolvers<string>()
          place.wanted = resolve
          const gone = () => reject(signal.reason)
          signal.addEventListener('abort', gone, { once: true })
          try {
            return await promise
          } finally {
            signal.removeEventListener('abort', gone)
            delete place.wanted
          }
        },
        [Symbol.dispose]() {
          slots.delete(parked.slot)
        },
      }
    },

    get parked() {
      return [...slots.values()].map(({ parked }) => parked)
    },

    promise(slot) {
      const open = [...slots.values()].filter(({ isPromised, wanted }) => wanted && !isPromised)
      const place =
        slot === undefined
          ? open.sort((one, other) => one.parked.since - other.parked.since)[0]
          : open.find(({ parked }) => parked.slot === slot)
      if (!place) return undefined
      place.isPromised = true
      return {
        slot: place.parked.slot,
        pickUp: (phone) => place.wanted?.(phone),
        [Symbol.dispose]() {
          place.isPromised = false
        },
      }
    },

    pickUp(slot, phone) {
      const place = slots.get(slot)
      if (!place?.wanted) throw new CallbusError('NOT_FOUND', { what: `parked call in slot ${slot}` })
      place.wanted(phone)
      return place.parked
    },

    forget: (call) => void errands.delete(call),
  }
}
