import type { Caller } from './caller.ts'

/** What a caller hears and does at a place. */
export type PlaceFlow = (caller: Caller, visit: Visit) => Promise<void>

export interface Visit {
  because?: string
  /** When the caller began to wait here, kept over a restart. */
  since?: number
}

/** Where callers can be sent: `operators`, later queues and voicemail. */
export interface Places {
  offer(name: string, flow: PlaceFlow): void
  has(name: string): boolean
}

/** Where a phone of the house is received that dials a code. */
export const phoneCodes = 'phone-codes'

/** Where it is received instead when what it dials begins so. */
export function placeOfCode(code: string): string {
  return `${phoneCodes} ${code}`
}

export interface PlaceBook {
  ownedBy(owner: string, cleanup: AsyncDisposableStack): Places
  find(name: string): { owner: string; flow: PlaceFlow } | undefined
  names(): string[]
  /** The place for what a phone of the house dials: the one of the longest code, else that of all the others. */
  forDialled(dialled: string): string | undefined
}

export function openPlaces(): PlaceBook {
  const places = new Map<string, { owner: string; flow: PlaceFlow }>()
  return {
    find: (name) => places.get(name),
    names: () => [...places.keys()],
    forDialled(dialled) {
      for (let length = dialled.length; length > 0; length -= 1) {
        const place = placeOfCode(dialled.slice(0, length))
        if (places.has(place)) return place
      }
      return places.has(phoneCodes) ? phoneCodes : undefined
    },
    ownedBy: (owner, cleanup) => ({
      has: (name) => places.has(name),
      offer(name, flow) {
        places.set(name, { owner, flow })
        cleanup.defer(() => void places.delete(name))
      },
    }),
  }
}
