import type { CallBus } from './call-bus/call-bus.ts'

export type NeighbourState = 'connecting' | 'connected' | 'lost'

/** How the house stands with those it depends on, for the console, for health and for figures. */
export interface Neighbours {
  /** Those heard of so far, in the order in which they were. */
  list(): { name: string; state: NeighbourState; because?: string }[]
}

export function openNeighbours(bus: CallBus): Neighbours {
  const known = new Map<string, { state: NeighbourState; because?: string }>()
  bus.on('connection.changed', ({ neighbour, state, because }) => {
    known.set(neighbour, because === undefined ? { state } : { state, because })
  })
  return { list: () => [...known].map(([name, standing]) => ({ name, ...standing })) }
}
