import type { PartOfDay } from '#core/calendar.ts'
import { defineWords } from '#core/plugin.ts'

interface Greeting {
  part: PartOfDay
  brand: string
}
interface Written {
  text: string
}

/** A text of the settings is in the language of its line already. */
const written = {
  ru: ({ text }: Written) => text,
  uk: ({ text }: Written) => text,
  pl: ({ text }: Written) => text,
  en: ({ text }: Written) => text,
}

const ru = { night: 'Доброй ночи', morning: 'Доброе утро', day: 'Добрый день', evening: 'Добрый вечер' }
const uk = { night: 'Доброї ночі', morning: 'Доброго ранку', day: 'Добрий день', evening: 'Добрий вечір' }
const pl = { night: 'Dobry wieczór', morning: 'Dzień dobry', day: 'Dzień dobry', evening: 'Dobry wieczór' }
const en = { night: 'Good evening', morning: 'Good morning', day: 'Good afternoon', evening: 'Good evening' }

export const words = defineWords('lines', {
  brandGreeting: {
    ru: ({ part, brand }: Greeting) => `${ru[part]}, вас приветствует ${brand}.`,
    uk: ({ part, brand }) => `${uk[part]}, вас вітає ${brand}.`,
    pl: ({ part, brand }) => `${pl[part]}, tu ${brand}.`,
    en: ({ part, brand }) => `${en[part]}, this is ${brand}.`,
  },
  greeting: written,
  menu: written,
  closedBecause: written,
  closed: {
    ru: 'Сейчас мы не работаем. Пожалуйста, позвоните в рабочее время.',
    uk: 'Зараз ми не працюємо. Будь ласка, зателефонуйте в робочий час.',
    pl: 'Teraz jest nieczynne. Prosimy zadzwonić w godzinach pracy.',
    en: 'We are closed now. Please call during opening hours.',
  },
})
