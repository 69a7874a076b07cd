import type { ComponentChildren } from 'preact'

interface FigureProps {
  count: number
  isPressed: boolean
  onPress(): void
  children: ComponentChildren
}

/** A number that opens the list of its calls. */
export function Figure({ count, isPressed, onPress, children }: FigureProps) {
  return (
    <button type="button" class="figure" aria-pressed={isPressed} onClick={onPress}>
      <span class="count">{count}</span> <span class="of">{children}</span>
    </button>
  )
}
