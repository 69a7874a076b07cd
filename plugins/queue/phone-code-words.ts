import { defineWords } from '#core/plugin.ts'

/** What an operator hears who dials a code. */
export const codeWords = defineWords('queue', {
  enterNumber: {
    ru: 'Введите ваш личный номер и решётку.',
    uk: 'Введіть ваш особистий номер і решітку.',
    pl: 'Proszę podać swój numer i krzyżyk.',
    en: 'Enter your own number and the hash key.',
  },
  enterPin: {
    ru: 'Введите код и решётку.',
    uk: 'Введіть код і решітку.',
    pl: 'Proszę podać PIN i krzyżyk.',
    en: 'Enter your PIN and the hash key.',
  },
  wrongPin: {
    ru: 'Номер или код неверны.',
    uk: 'Номер або код неправильні.',
    pl: 'Numer lub PIN jest nieprawidłowy.',
    en: 'The number or the PIN is wrong.',
  },
  tooOften: {
    ru: 'Слишком много попыток. Попробуйте позже.',
    uk: 'Забагато спроб. Спробуйте пізніше.',
    pl: 'Zbyt wiele prób. Proszę spróbować później.',
    en: 'There were too many attempts. Try again later.',
  },
  seatTaken: {
    ru: 'За этим телефоном уже работает другой оператор.',
    uk: 'За цим телефоном уже працює інший оператор.',
    pl: 'Przy tym telefonie pracuje już inny konsultant.',
    en: 'Somebody else is signed in at this phone.',
  },
  signedIn: {
    ru: 'Вы на смене. Звонки пойдут на этот телефон.',
    uk: 'Ви на зміні. Дзвінки надходитимуть на цей телефон.',
    pl: 'Jest Pani lub Pan na zmianie. Rozmowy trafią do tego telefonu.',
    en: 'You are signed in. Calls come to this phone.',
  },
  signedOut: {
    ru: 'Смена окончена. До свидания.',
    uk: 'Зміну завершено. До побачення.',
    pl: 'Zmiana zakończona. Do widzenia.',
    en: 'You are signed out. Goodbye.',
  },
  ready: {
    ru: 'Вы готовы принимать звонки.',
    uk: 'Ви готові приймати дзвінки.',
    pl: 'Może Pani lub Pan odbierać rozmowy.',
    en: 'You are ready for calls.',
  },
  notReady: {
    ru: 'Перерыв начат.',
    uk: 'Перерву розпочато.',
    pl: 'Przerwa rozpoczęta.',
    en: 'Your pause has begun.',
  },
  nobodyHere: {
    ru: 'За этим телефоном никто не на смене.',
    uk: 'За цим телефоном нікого немає на зміні.',
    pl: 'Przy tym telefonie nikt nie jest na zmianie.',
    en: 'Nobody is signed in at this phone.',
  },
  unknownCode: {
    ru: 'Такого кода нет.',
    uk: 'Такого коду немає.',
    pl: 'Nie ma takiego kodu.',
    en: 'There is no such code.',
  },
})
