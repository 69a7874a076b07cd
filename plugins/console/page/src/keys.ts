/** Every shortcut of the page in one table; none of a single letter acts while text is being typed. */
import { signal } from '@preact/signals'
import { openCall, readStory } from './board.ts'

export const isHelpOpen = signal(false)

/** The call whose row opened the story, to come back to. */
let cameFrom: string | undefined

export function openFromRow(call: string): void {
  cameFrom = call
  readStory(call)
}

export function closeStory(): void {
  const back = cameFrom ?? openCall.peek()
  readStory(undefined)
  if (back)
    requestAnimationFrame(() =>
      rows()
        .find((row) => row.dataset.call === back)
        ?.focus(),
    )
}

const shortcuts: Record<string, () => void> = {
  '/': () => document.querySelector<HTMLInputElement>('#search')?.focus(),
  '?': () => {
    isHelpOpen.value = true
  },
  Escape: () => {
    if (openCall.peek() !== undefined) closeStory()
  },
  ArrowDown: () => step(1),
  ArrowUp: () => step(-1),
}

const fields = [HTMLInputElement, HTMLSelectElement, HTMLTextAreaElement]

export function listenToKeys(): void {
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isHelpOpen.peek()) return
    if (fields.some((field) => event.target instanceof field)) return
    const isArrow = event.key.startsWith('Arrow')
    if (isArrow && !isRow(document.activeElement)) return

    const act = Object.hasOwn(shortcuts, event.key) ? shortcuts[event.key] : undefined
    if (!act) return
    event.preventDefault()
    act()
  })
}

function step(by: 1 | -1): void {
  const all = rows()
  const at = all.findIndex((row) => row.matches(':focus'))
  all[at + by]?.focus()
}

function rows(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('[data-call]')]
}

function isRow(element: Element | null): boolean {
  return element instanceof HTMLElement && element.dataset.call !== undefined
}
