import { defineWords } from '#core/plugin.ts'

interface Failed {
  line: string
}

export const words = defineWords('line-routing', {
  lineFailed: {
    ru: ({ line }: Failed) =>
      `Внимание. Не работает телефонная линия ${line}. Чтобы принять это в работу, нажмите один.`,
    uk: ({ line }) => `Увага. Не працює телефонна лінія ${line}. Щоб взяти це в роботу, натисніть один.`,
    pl: ({ line }) =>
      `Uwaga. Nie działa linia telefoniczna ${line}. Aby zająć się tym, proszę nacisnąć jeden.`,
    en: ({ line }) => `Attention. The telephone line ${line} does not work. To take care of it, press one.`,
  },
  taken: {
    ru: 'Принято. Больше звонить не будем.',
    uk: 'Прийнято. Більше не телефонуватимемо.',
    pl: 'Przyjęto. Nie będziemy więcej dzwonić.',
    en: 'Thank you. We will call nobody else.',
  },
})
