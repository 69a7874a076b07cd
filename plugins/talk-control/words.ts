import { defineWords } from '#core/plugin.ts'
import { en, pl, ru, uk } from '#core/voice/grammar/grammar.ts'

interface Parked {
  slot: number
}

export const words = defineWords('talk-control', {
  nobodyTookIt: {
    ru: 'К сожалению, там сейчас не отвечают. Соединяю вас с оператором.',
    uk: 'На жаль, там зараз не відповідають. З’єдную вас з оператором.',
    pl: 'Niestety nikt tam teraz nie odbiera. Łączę z konsultantem.',
    en: 'I am sorry, nobody is answering there. I am putting you through to an operator.',
  },
  goesOn: {
    ru: 'Оставайтесь, пожалуйста, на линии. Соединяю вас с оператором.',
    uk: 'Залишайтеся, будь ласка, на лінії. З’єдную вас з оператором.',
    pl: 'Proszę pozostać na linii. Łączę z konsultantem.',
    en: 'Please stay on the line. I am putting you through to an operator.',
  },
  unknownCode: {
    ru: 'Нет такого кода.',
    uk: 'Немає такого коду.',
    pl: 'Nie ma takiego kodu.',
    en: 'There is no such code.',
  },
  notNow: {
    ru: 'Сейчас это невозможно.',
    uk: 'Зараз це неможливо.',
    pl: 'Teraz to niemożliwe.',
    en: 'That cannot be done now.',
  },
  parked: {
    ru: ({ slot }: Parked) => `Клиент ждёт под номером ${ru.number(slot)}.`,
    uk: ({ slot }) => `Клієнт чекає під номером ${uk.number(slot)}.`,
    pl: ({ slot }) => `Klient czeka pod numerem ${pl.number(slot)}.`,
    en: ({ slot }) => `The client waits under number ${en.number(slot)}.`,
  },
})
