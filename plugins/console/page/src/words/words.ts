import { effect, signal } from '@preact/signals'
import type { Catalogue, Counted } from './catalogue.ts'
import { en } from './en.ts'
import { pl } from './pl.ts'
import { ru } from './ru.ts'
import { uk } from './uk.ts'

export { nameOf as named } from './name-of.ts'

export const catalogues = { ru, uk, pl, en } satisfies Record<string, Catalogue>
export type Language = keyof typeof catalogues
export const languages = Object.keys(catalogues) as Language[]

const kept = 'callbus.language'

export const language = signal<Language>(chosen([localStorage.getItem(kept) ?? '', ...navigator.languages]))

effect(() => {
  document.documentElement.lang = language.value
})

export function words(): Catalogue {
  return catalogues[language.value]
}

export function chooseLanguage(name: string): void {
  if (!isLanguage(name)) return
  language.value = name
  localStorage.setItem(kept, name)
}

export function counted(forms: Counted, count: number): string {
  return forms[new Intl.PluralRules(words().locale).select(count)] ?? forms.other
}

function chosen(wishes: readonly string[]): Language {
  for (const wish of wishes) {
    const short = wish.slice(0, 2)
    if (isLanguage(short)) return short
  }
  return 'en'
}

function isLanguage(name: string): name is Language {
  return Object.hasOwn(catalogues, name)
}
