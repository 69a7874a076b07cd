import { partOfDay } from '#core/calendar.ts'
import { defineWords } from '#core/plugin.ts'
import { en, pl, ru, uk } from '#core/voice/grammar/grammar.ts'

interface At {
  /** Hour of the day where the line is. */
  hour: number
}
interface Place {
  position: number
}
interface Wait {
  seconds: number
}
interface CallBack {
  digits: string
  /** Seconds; without it no time is promised. */
  within: number | undefined
}

const oneByOne = (digits: string, name: (digit: number) => string) =>
  [...digits].map((digit) => name(Number(digit))).join(', ')

const keyName = {
  ru: (key: string) =>
    ({ '*': 'звёздочку', '#': 'решётку' })[key] ?? ru.number(Number(key), { case: 'accusative' }),
  uk: (key: string) =>
    ({ '*': 'зірочку', '#': 'решітку' })[key] ?? uk.number(Number(key), { case: 'accusative' }),
  pl: (key: string) => ({ '*': 'gwiazdkę', '#': 'krzyżyk' })[key] ?? pl.number(Number(key)),
  en: (key: string) => ({ '*': 'star', '#': 'hash' })[key] ?? en.number(Number(key)),
}

export const words = defineWords('queue', {
  greeting: {
    ru: ({ hour }: At) =>
      ({ night: 'Доброй ночи.', morning: 'Доброе утро.', day: 'Добрый день.', evening: 'Добрый вечер.' })[
        partOfDay(hour)
      ],
    uk: ({ hour }) =>
      ({ night: 'Доброї ночі.', morning: 'Доброго ранку.', day: 'Добрий день.', evening: 'Добрий вечір.' })[
        partOfDay(hour)
      ],
    pl: ({ hour }) => (['evening', 'night'].includes(partOfDay(hour)) ? 'Dobry wieczór.' : 'Dzień dobry.'),
    en: ({ hour }) =>
      ({
        night: 'Good evening.',
        morning: 'Good morning.',
        day: 'Good afternoon.',
        evening: 'Good evening.',
      })[partOfDay(hour)],
  },
  everyoneBusy: {
    ru: 'Все операторы сейчас заняты. Пожалуйста, подождите, вам ответит первый, кто освободится.',
    uk: 'Усі оператори зараз зайняті. Будь ласка, зачекайте, вам відповість перший, хто звільниться.',
    pl: 'Wszyscy konsultanci są teraz zajęci. Proszę czekać, zgłosi się pierwszy wolny konsultant.',
    en: 'All our operators are busy. Please wait, the first one free will answer you.',
  },
  position: {
    ru: ({ position }: Place) => `Ваш номер в очереди: ${ru.number(position)}.`,
    uk: ({ position }) => `Ваш номер у черзі: ${uk.number(position)}.`,
    pl: ({ position }) => `Pani lub Pana numer w kolejce to ${pl.number(position)}.`,
    en: ({ position }) => `You are number ${en.number(position)} in the queue.`,
  },
  wait: {
    ru: ({ seconds }: Wait) =>
      `Вам ответят в течение ${seconds < 60 ? 'полуминуты' : ru.minutes(seconds / 60, 'genitive')}.`,
    uk: ({ seconds }) =>
      `Вам дадуть відповідь протягом ${seconds < 60 ? 'пів хвилини' : uk.minutes(seconds / 60, 'genitive')}.`,
    pl: ({ seconds }) =>
      `Zgłosimy się w ciągu ${seconds < 60 ? 'pół minuty' : pl.minutes(seconds / 60, 'genitive')}.`,
    en: ({ seconds }) =>
      `We will answer within ${seconds < 60 ? 'half a minute' : en.minutes(seconds / 60)}.`,
  },
  longWait: {
    ru: 'Ждать придётся больше пятнадцати минут.',
    uk: 'Чекати доведеться понад п’ятнадцять хвилин.',
    pl: 'Czas oczekiwania jest dłuższy niż piętnaście minut.',
    en: 'You will have to wait for more than fifteen minutes.',
  },
  stillBusy: {
    ru: 'Просим прощения: ожидание затянулось. Мы ответим вам, как только сможем.',
    uk: 'Просимо вибачення: очікування затягнулося. Ми відповімо вам, щойно зможемо.',
    pl: 'Przepraszamy, oczekiwanie się przedłuża. Zgłosimy się najszybciej, jak to możliwe.',
    en: 'We are sorry that it takes longer. We will answer you as soon as we can.',
  },
  backSoon: {
    ru: 'Мы ответим, как только оператор вернётся на место.',
    uk: 'Ми відповімо, щойно оператор повернеться на місце.',
    pl: 'Zgłosimy się, gdy tylko wróci konsultant.',
    en: 'We will answer as soon as an operator is back.',
  },
  nobodyFree: {
    ru: 'К сожалению, пока никто из операторов не освободился. Оставайтесь на линии или перезвоните немного позже.',
    uk: 'На жаль, поки що жоден оператор не звільнився. Залишайтеся на лінії або зателефонуйте трохи пізніше.',
    pl: 'Niestety, żaden konsultant nie jest jeszcze wolny. Proszę pozostać na linii lub zadzwonić nieco później.',
    en: 'We are sorry, none of our operators is free yet. Please stay on the line or call again a little later.',
  },
  closed: {
    ru: 'Сейчас мы закрыты. Пожалуйста, перезвоните в рабочее время.',
    uk: 'Зараз ми зачинені. Будь ласка, зателефонуйте в робочий час.',
    pl: 'Teraz jesteśmy nieczynni. Prosimy zadzwonić w godzinach pracy.',
    en: 'We are closed now. Please call again during our opening hours.',
  },
  offerCallBack: {
    ru: ({ key }: { key: string }) =>
      `Чтобы не ждать на линии, нажмите ${keyName.ru(key)}: вы сохраните своё место, и мы перезвоним.`,
    uk: ({ key }) =>
      `Щоб не чекати на лінії, натисніть ${keyName.uk(key)}: ви збережете своє місце, і ми зателефонуємо.`,
    pl: ({ key }) =>
      `Aby nie czekać na linii, proszę nacisnąć ${keyName.pl(key)}: zachowamy miejsce w kolejce i oddzwonimy.`,
    en: ({ key }) =>
      `If you would rather not hold the line, press ${keyName.en(key)}: you keep your place, and we call you.`,
  },
  willCall: {
    ru: ({ digits, within }: CallBack) =>
      `${within === undefined ? 'Мы позвоним вам, как только подойдёт ваша очередь' : `Мы позвоним вам в течение ${within < 60 ? 'полуминуты' : ru.minutes(within / 60, 'genitive')}`}, по номеру ${oneByOne(digits, ru.number)}. Ваше место сохранено, трубку можно положить.`,
    uk: ({ digits, within }) =>
      `${within === undefined ? 'Ми зателефонуємо вам, щойно підійде ваша черга' : `Ми зателефонуємо вам протягом ${within < 60 ? 'пів хвилини' : uk.minutes(within / 60, 'genitive')}`}, на номер ${oneByOne(digits, uk.number)}. Ваше місце збережено, слухавку можна покласти.`,
    pl: ({ digits, within }) =>
      `${within === undefined ? 'Oddzwonimy, gdy tylko nadejdzie kolej' : `Oddzwonimy w ciągu ${within < 60 ? 'pół minuty' : pl.minutes(within / 60, 'genitive')}`}, na numer ${oneByOne(digits, pl.number)}. Miejsce w kolejce jest zachowane, można się rozłączyć.`,
    en: ({ digits, within }) =>
      `We will call you ${within === undefined ? 'as soon as it is your turn' : `within ${within < 60 ? 'half a minute' : en.minutes(within / 60)}`}, on ${oneByOne(digits, en.number)}. You keep your place and may hang up now.`,
  },
  otherPhone: {
    ru: 'Чтобы назвать другой номер, нажмите один.',
    uk: 'Щоб назвати інший номер, натисніть один.',
    pl: 'Aby podać inny numer, proszę nacisnąć jeden.',
    en: 'To be called on another number, press one.',
  },
  typePhone: {
    ru: 'Наберите номер, по которому вам позвонить, и нажмите решётку.',
    uk: 'Наберіть номер, на який вам зателефонувати, і натисніть решітку.',
    pl: 'Proszę wybrać numer, na który mamy zadzwonić, i nacisnąć krzyżyk.',
    en: 'Please key in the number to call you on, and press hash.',
  },
  typePhoneAgain: {
    ru: 'Такого номера нет. Наберите его ещё раз и нажмите решётку.',
    uk: 'Такого номера немає. Наберіть його ще раз і натисніть решітку.',
    pl: 'Nie ma takiego numeru. Proszę wybrać go jeszcze raz i nacisnąć krzyżyk.',
    en: 'There is no such number. Please key it in again, and press hash.',
  },
  oldPhone: {
    ru: 'Мы позвоним по прежнему номеру.',
    uk: 'Ми зателефонуємо на попередній номер.',
    pl: 'Zadzwonimy na poprzedni numer.',
    en: 'We will call you on the number we have.',
  },
  noPhone: {
    ru: 'Без номера мы не сможем позвонить. Ваше место в очереди сохранено, оставайтесь на линии.',
    uk: 'Без номера ми не зможемо зателефонувати. Ваше місце в черзі збережено, залишайтеся на лінії.',
    pl: 'Bez numeru nie możemy oddzwonić. Miejsce w kolejce jest zachowane, proszę pozostać na linii.',
    en: 'Without a number we cannot call you. You have kept your place, please hold the line.',
  },
  calledBack: {
    ru: 'Вы просили перезвонить. Соединяю с оператором.',
    uk: 'Ви просили зателефонувати. З’єдную з оператором.',
    pl: 'Oddzwaniamy na prośbę. Łączę z konsultantem.',
    en: 'You asked us to call you back. Connecting you to an operator.',
  },
  notThere: {
    ru: 'Этот оператор сейчас не отвечает. Ваше место в очереди сохранено.',
    uk: 'Цей оператор зараз не відповідає. Ваше місце в черзі збережено.',
    pl: 'Ten konsultant teraz nie odbiera. Miejsce w kolejce zostało zachowane.',
    en: 'This operator is not answering. You have kept your place in the queue.',
  },
})
