import type { CallStep, Neighbour } from '../api.ts'

export type ShapeName = CallStep | 'ready' | 'alarm'

/** Every state has a shape as well as a colour and a word; the drawing is silent, the word speaks. */
const drawings: Record<ShapeName, string> = {
  ready: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2z',
  ringing: 'M8 2l6.5 12h-13z',
  conversing:
    'M3 6a2 2 0 1 0 0 4 2 2 0 0 0 0-4zm5 0a2 2 0 1 0 0 4 2 2 0 0 0 0-4zm5 0a2 2 0 1 0 0 4 2 2 0 0 0 0-4z',
  waiting: 'M3 2h4v12H3zm6 0h4v12H9z',
  talking: 'M2.5 2.5h11v11h-11z',
  ended: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zm0 2a4 4 0 1 1 0 8 4 4 0 0 1 0-8z',
  alarm: 'M8 1l7 7-7 7-7-7z',
}

export function Shape({ name }: { name: ShapeName }) {
  return (
    <svg class={`shape is-${name}`} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path fill-rule="evenodd" d={drawings[name]} />
    </svg>
  )
}

export function StateMark({ name, word }: { name: ShapeName; word: string }) {
  return (
    <span class={`mark is-${name}`}>
      <Shape name={name} />
      {word}
    </span>
  )
}

export const neighbourShapes = {
  connected: 'ready',
  connecting: 'ringing',
  lost: 'alarm',
} as const satisfies Record<Neighbour['state'], ShapeName>
