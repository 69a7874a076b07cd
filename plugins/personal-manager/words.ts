import { defineWords } from '#core/plugin.ts'

export const words = defineWords('personal-manager', {
  connecting: {
    ru: 'Соединяю вас с вашим менеджером.',
    uk: 'З’єдную вас із вашим менеджером.',
    pl: 'Łączę z opiekunem.',
    en: 'I am connecting you to your manager.',
  },
  tryingOn: {
    ru: 'Ваш менеджер не на месте, пробую найти его. Пожалуйста, оставайтесь на линии.',
    uk: 'Вашого менеджера немає на місці, пробую знайти його. Будь ласка, залишайтеся на лінії.',
    pl: 'Opiekuna nie ma przy telefonie, szukam dalej. Proszę pozostać na linii.',
    en: 'Your manager is away from the phone, I am looking further. Please hold the line.',
  },
  toOperators: {
    ru: 'Ваш менеджер сейчас не отвечает. Вам поможет оператор.',
    uk: 'Ваш менеджер зараз не відповідає. Вам допоможе оператор.',
    pl: 'Opiekun teraz nie odbiera. Pomoże konsultant.',
    en: 'Your manager is not answering at the moment. An operator will help you.',
  },
})
