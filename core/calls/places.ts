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

export interface PlaceBook {
  ownedBy(owner: string, cleanup: AsyncDisposableStack): Places
  find(name: string): { owner: string; flow: PlaceFlow } | undefined
  names(): string[]
}

export function openPlaces(): PlaceBook {
  const places = new Map<string, { owner: string; flow: PlaceFlow }>()
  return {
    find: (name) => places.get(name),
    names: () => [...places.keys()],
    ownedBy: (owner, cleanup) => ({
      has: (name) => places.has(name),
      offer(name, flow) {
        places.set(name, { owner, flow })
        cleanup.defer(() => void places.delete(name))
      },
    }),
  }
}
