import { defineWords } from '#core/plugin.ts'
import { en, pl, ru, uk } from '#core/voice/grammar/grammar.ts'
import type { Currency } from '#core/voice/grammar/money.ts'
import type { PastDay } from '#core/voice/grammar/times.ts'

interface Sum {
  sum: number
  currency: Currency
}
interface Past {
  day: PastDay
  hour: number
  minute: number
}

export const words = defineWords('balance-ivr', {
  whoAreYou: {
    ru: 'Чтобы узнать баланс водителя, нажмите один. Баланс клиента — два. Связаться с оператором — ноль.',
    uk: 'Щоб дізнатися баланс водія, натисніть один. Баланс клієнта — два. Зв’язатися з оператором — нуль.',
    pl: 'Aby poznać saldo kierowcy, proszę nacisnąć jeden. Saldo klienta — dwa. Rozmowa z konsultantem — zero.',
    en: 'For a driver’s balance, press one. For a client’s balance, press two. For an operator, press zero.',
  },
  callSign: {
    ru: 'Наберите ваш позывной и нажмите решётку. Для связи с оператором нажмите звёздочку.',
    uk: 'Наберіть ваш позивний і натисніть решітку. Для зв’язку з оператором натисніть зірочку.',
    pl: 'Proszę wybrać swój numer boczny i nacisnąć krzyżyk. Aby połączyć się z konsultantem — gwiazdkę.',
    en: 'Please dial your call sign, then the hash key. For an operator, press star.',
  },
  pin: {
    ru: 'Теперь наберите ваш код и нажмите решётку.',
    uk: 'Тепер наберіть ваш код і натисніть решітку.',
    pl: 'Teraz proszę wybrać swój kod i nacisnąć krzyżyk.',
    en: 'Now dial your code, then the hash key.',
  },
  login: {
    ru: 'Наберите номер договора и нажмите решётку. Для связи с оператором нажмите звёздочку.',
    uk: 'Наберіть номер договору й натисніть решітку. Для зв’язку з оператором натисніть зірочку.',
    pl: 'Proszę wybrać numer umowy i nacisnąć krzyżyk. Aby połączyć się z konsultantem — gwiazdkę.',
    en: 'Please dial your contract number, then the hash key. For an operator, press star.',
  },
  password: {
    ru: 'Теперь наберите пароль и нажмите решётку.',
    uk: 'Тепер наберіть пароль і натисніть решітку.',
    pl: 'Teraz proszę wybrać hasło i nacisnąć krzyżyk.',
    en: 'Now dial your password, then the hash key.',
  },
  wrong: {
    ru: 'Код не подошёл.',
    uk: 'Код не підійшов.',
    pl: 'Kod jest nieprawidłowy.',
    en: 'That code is not right.',
  },
  tooManyTries: {
    ru: 'Слишком много неверных попыток. Соединяю вас с оператором.',
    uk: 'Забагато невдалих спроб. З’єдную вас з оператором.',
    pl: 'Zbyt wiele nieudanych prób. Łączę z konsultantem.',
    en: 'There have been too many failed attempts. I am putting you through to an operator.',
  },
  nobodyKnows: {
    ru: 'Сейчас я не могу узнать баланс. Соединяю вас с оператором.',
    uk: 'Зараз я не можу дізнатися баланс. З’єдную вас з оператором.',
    pl: 'W tej chwili nie mogę sprawdzić salda. Łączę z konsultantem.',
    en: 'I cannot look up the balance at the moment. I am putting you through to an operator.',
  },
  notForYou: {
    ru: 'Баланс компании вам может сообщить только оператор. Соединяю вас с ним.',
    uk: 'Баланс компанії вам може повідомити лише оператор. З’єдную вас із ним.',
    pl: 'O saldzie firmy może poinformować tylko konsultant. Łączę z konsultantem.',
    en: 'Only an operator may tell you the balance of your company. I am putting you through.',
  },
  balance: {
    ru: ({ sum, currency }: Sum) => `Ваш баланс: ${ru.money(sum, currency)}.`,
    uk: ({ sum, currency }) => `Ваш баланс: ${uk.money(sum, currency)}.`,
    pl: ({ sum, currency }) => `Saldo wynosi: ${pl.money(sum, currency)}.`,
    en: ({ sum, currency }) => `Your balance is ${en.money(sum, currency)}.`,
  },
  debt: {
    ru: ({ sum, currency }: Sum) => `Ваш долг: ${ru.money(sum, currency)}.`,
    uk: ({ sum, currency }) => `Ваш борг: ${uk.money(sum, currency)}.`,
    pl: ({ sum, currency }) => `Zadłużenie wynosi: ${pl.money(sum, currency)}.`,
    en: ({ sum, currency }) => `You owe ${en.money(sum, currency)}.`,
  },
  bonus: {
    ru: ({ sum, currency }: Sum) => `Бонусы: ${ru.money(sum, currency)}.`,
    uk: ({ sum, currency }) => `Бонуси: ${uk.money(sum, currency)}.`,
    pl: ({ sum, currency }) => `Premie: ${pl.money(sum, currency)}.`,
    en: ({ sum, currency }) => `Your bonus is ${en.money(sum, currency)}.`,
  },
  locked: {
    ru: 'Счёт заблокирован.',
    uk: 'Рахунок заблоковано.',
    pl: 'Konto jest zablokowane.',
    en: 'The account is locked.',
  },
  lastOperation: {
    ru: ({ day }: Pick<Past, 'day'>) => `Последняя операция: ${ru.on(day)}.`,
    uk: ({ day }) => `Остання операція: ${uk.on(day)}.`,
    pl: ({ day }) => `Ostatnia operacja: ${pl.on(day)}.`,
    en: ({ day }) => `The last operation was ${en.on(day)}.`,
  },
  shift: {
    ru: ({ day, ...time }: Past) => `Смена началась ${ru.on(day)} ${ru.at(time)}.`,
    uk: ({ day, ...time }) => `Зміна почалася ${uk.on(day)} ${uk.at(time)}.`,
    pl: ({ day, ...time }) => `Zmiana zaczęła się ${pl.on(day)} ${pl.at(time)}.`,
    en: ({ day, ...time }) => `Your shift began ${en.on(day)} ${en.at(time)}.`,
  },
  priority: {
    ru: ({ priority }: { priority: number }) => `Приоритет: ${signed(priority, 'минус', ru)}.`,
    uk: ({ priority }) => `Пріоритет: ${signed(priority, 'мінус', uk)}.`,
    pl: ({ priority }) => `Priorytet: ${signed(priority, 'minus', pl)}.`,
    en: ({ priority }) => `Your priority is ${signed(priority, 'minus', en)}.`,
  },
  keys: {
    ru: 'Чтобы прослушать ещё раз, нажмите девять. Связаться с оператором — ноль.',
    uk: 'Щоб прослухати ще раз, натисніть дев’ять. Зв’язатися з оператором — нуль.',
    pl: 'Aby wysłuchać ponownie, proszę nacisnąć dziewięć. Aby połączyć się z konsultantem — zero.',
    en: 'To hear this again, press nine. For an operator, press zero.',
  },
  toOperator: {
    ru: 'Соединяю вас с оператором.',
    uk: 'З’єдную вас з оператором.',
    pl: 'Łączę z konsultantem.',
    en: 'I am putting you through to an operator.',
  },
  goodbye: {
    ru: 'Всего доброго.',
    uk: 'На все добре.',
    pl: 'Do usłyszenia.',
    en: 'Goodbye.',
  },
})

function signed(value: number, minus: string, { number }: { number(value: number): string }): string {
  const said = number(Math.abs(value))
  return Math.round(value) < 0 ? `${minus} ${said}` : said
}
