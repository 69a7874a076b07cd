import type { Saying } from './voice/words.ts'

/** What is to be said whenever somebody is told a price, such as why it is higher than yesterday. */
export interface PriceNotes {
  /** Asked each time; `undefined` when there is nothing to say. */
  offer(note: () => Saying | undefined): void
  /** What whoever tells a price says with it now. */
  now(): Saying[]
}

export interface PriceNoteBook {
  ownedBy(cleanup: AsyncDisposableStack): PriceNotes
}

export function openPriceNotes(): PriceNoteBook {
  const notes = new Set<() => Saying | undefined>()
  return {
    ownedBy: (cleanup) => ({
      offer(note) {
        notes.add(note)
        cleanup.defer(() => void notes.delete(note))
      },
      now: () => [...notes].map((note) => note()).filter((saying) => saying !== undefined),
    }),
  }
}
