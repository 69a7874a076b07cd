/** Which page is shown: the calls, one's own desk, the whole floor or the tariffs. */
import { signal } from '@preact/signals'

export const views = ['calls', 'desk', 'floor', 'tariffs'] as const
export type View = (typeof views)[number]

export const view = signal<View>(viewInAddress())

export function addressOf(name: View): string {
  return name === 'calls' ? '' : `#/${name}`
}

export function viewInAddress(): View {
  return views.find((name) => location.hash === `#/${name}`) ?? 'calls'
}

export function show(name: View): void {
  view.value = name
  if (location.hash !== addressOf(name)) history.pushState(null, '', addressOf(name) || location.pathname)
}
