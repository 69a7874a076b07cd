import { effect, signal } from '@preact/signals'

export const themes = ['auto', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

const kept = 'callbus.theme'

export function isTheme(name: string | null): name is Theme {
  return themes.some((theme) => theme === name)
}

const wished = localStorage.getItem(kept)
export const theme = signal<Theme>(isTheme(wished) ? wished : 'auto')

effect(() => {
  document.documentElement.dataset.theme = theme.value
})

export function chooseTheme(name: Theme): void {
  theme.value = name
  localStorage.setItem(kept, name)
}
