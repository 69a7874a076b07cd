/** Which drivers are free, the nearest first, and that no two callers are given to one at once. */
import type { Logger } from 'pino'
import { reasonOf } from '#core/errors.ts'
import type { Coordinates, CrewPosition, Dispatch, Place } from '#core/ports/dispatch.ts'
import type { Phone } from '#core/schema.ts'

export interface FreeDriver {
  crewId: string
  callSign: string
  phone: Phone
}

export function openDrivers({ dispatch, log }: { dispatch: Dispatch; log: Logger }) {
  /** Being rung or talking for us. */
  const taken = new Set<string>()

  async function waiting(place: Place, signal: AbortSignal): Promise<CrewPosition[]> {
    const free = (await dispatch.crewPositions(signal)).filter(({ state }) => state === 'waiting')
    const at = place.at ?? (await whereIs(place.address, signal))
    return at ? free.toSorted((one, other) => distance(at, one.at) - distance(at, other.at)) : free
  }

  async function whereIs(address: string, signal: AbortSignal): Promise<Coordinates | undefined> {
    if (!dispatch.capabilities.has('findPlaces')) return undefined
    const [found] = await dispatch.findPlaces(address, signal)
    return found?.at
  }

  return {
    whereIs,

    /** One after the other, each free at the moment he is named. */
    async *nearest(place: Place, most: number, signal: AbortSignal): AsyncGenerator<FreeDriver> {
      let named = 0
      for (const { crewId, callSign } of await waiting(place, signal)) {
        if (named === most) return
        if (taken.has(crewId)) continue
        taken.add(crewId)
        try {
          const phone = await phoneOf(callSign, signal)
          if (phone === undefined) continue
          named += 1
          yield { crewId, callSign, phone }
        } finally {
          taken.delete(crewId)
        }
      }
    },
  }

  async function phoneOf(callSign: string, signal: AbortSignal): Promise<Phone | undefined> {
    try {
      const phones = await dispatch.driverPhones(callSign, signal)
      return phones?.mobile ?? phones?.home
    } catch (thrown) {
      signal.throwIfAborted()
      log.warn({ callSign, reason: reasonOf(thrown) }, 'The phone of a driver is not known')
      return undefined
    }
  }
}
export type Drivers = ReturnType<typeof openDrivers>

const earth = 6_371
const radians = (degrees: number) => (degrees * Math.PI) / 180

/** Kilometres as the crow flies. */
export function distance(one: Coordinates, other: Coordinates): number {
  const north = Math.sin(radians(other.latitude - one.latitude) / 2) ** 2
  const east = Math.sin(radians(other.longitude - one.longitude) / 2) ** 2
  const narrowing = Math.cos(radians(one.latitude)) * Math.cos(radians(other.latitude))
  return 2 * earth * Math.asin(Math.min(1, Math.sqrt(north + narrowing * east)))
}
