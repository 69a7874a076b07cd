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
  notThere: {
    ru: 'Этот оператор сейчас не отвечает. Ваше место в очереди сохранено.',
    uk: 'Цей оператор зараз не відповідає. Ваше місце в черзі збережено.',
    pl: 'Ten konsultant teraz nie odbiera. Miejsce w kolejce zostało zachowane.',
    en: 'This operator is not answering. You have kept your place in the queue.',
  },
})
