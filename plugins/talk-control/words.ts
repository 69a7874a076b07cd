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
  ringsForHim: {
    ru: ({ slot }: Parked) => `Номер ${ru.number(slot)}. Положите трубку: ваш телефон зазвонит.`,
    uk: ({ slot }) => `Номер ${uk.number(slot)}. Покладіть слухавку: ваш телефон задзвонить.`,
    pl: ({ slot }) => `Numer ${pl.number(slot)}. Proszę odłożyć słuchawkę: telefon zadzwoni.`,
    en: ({ slot }) => `Number ${en.number(slot)}. Hang up: your phone will ring.`,
  },
  nobodyParked: {
    ru: 'Никто не ждёт на парковке.',
    uk: 'Ніхто не чекає на паркуванні.',
    pl: 'Nikt nie jest zaparkowany.',
    en: 'Nobody is parked.',
  },
  nobodyThere: {
    ru: ({ slot }: Parked) => `Под номером ${ru.number(slot)} никто не ждёт.`,
    uk: ({ slot }) => `Під номером ${uk.number(slot)} ніхто не чекає.`,
    pl: ({ slot }) => `Pod numerem ${pl.number(slot)} nikt nie czeka.`,
    en: ({ slot }) => `Nobody waits under number ${en.number(slot)}.`,
  },
})
