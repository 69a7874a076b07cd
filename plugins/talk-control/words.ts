import { defineWords } from '#core/plugin.ts'

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
})
