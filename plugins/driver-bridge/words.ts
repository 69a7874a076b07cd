import { defineWords } from '#core/plugin.ts'
import { en, pl, ru, uk } from '#core/voice/grammar/grammar.ts'

interface Choice {
  key: number
  /** Where the order's passenger gets in, when it is known. */
  pickup: string | undefined
}

export const words = defineWords('driver-bridge', {
  joiningWithDriver: {
    ru: 'Соединяю вас с водителем.',
    uk: 'З’єдную вас із водієм.',
    pl: 'Łączę z kierowcą.',
    en: 'I am joining you with the driver.',
  },
  joiningWithClient: {
    ru: 'Соединяю вас с клиентом.',
    uk: 'З’єдную вас із клієнтом.',
    pl: 'Łączę z klientem.',
    en: 'I am joining you with the client.',
  },
  driverSilent: {
    ru: 'Водитель сейчас не отвечает.',
    uk: 'Водій зараз не відповідає.',
    pl: 'Kierowca teraz nie odbiera.',
    en: 'The driver is not answering at the moment.',
  },
  clientSilent: {
    ru: 'Клиент сейчас не отвечает.',
    uk: 'Клієнт зараз не відповідає.',
    pl: 'Klient teraz nie odbiera.',
    en: 'The client is not answering at the moment.',
  },
  operatorKey: {
    ru: 'Чтобы поговорить с оператором, нажмите два.',
    uk: 'Щоб поговорити з оператором, натисніть два.',
    pl: 'Aby porozmawiać z konsultantem, proszę nacisnąć dwa.',
    en: 'To talk to an operator, press two.',
  },
  toOperator: {
    ru: 'Соединяю вас с оператором.',
    uk: 'З’єдную вас з оператором.',
    pl: 'Łączę z konsultantem.',
    en: 'I am putting you through to an operator.',
  },
  nobodyToJoin: {
    ru: 'Сейчас нет заказа, по которому вас можно соединить.',
    uk: 'Зараз немає замовлення, за яким вас можна з’єднати.',
    pl: 'Nie ma teraz zlecenia, w sprawie którego można połączyć.',
    en: 'There is no order about which you could be joined now.',
  },
  tooOften: {
    ru: 'По этому заказу вас уже соединяли несколько раз.',
    uk: 'За цим замовленням вас уже з’єднували кілька разів.',
    pl: 'W sprawie tego zlecenia łączyliśmy już kilka razy.',
    en: 'You have been joined about this order several times already.',
  },
  talkTooLong: {
    ru: 'Время разговора закончилось. Всего доброго.',
    uk: 'Час розмови закінчився. На все добре.',
    pl: 'Czas rozmowy minął. Do usłyszenia.',
    en: 'The time for this talk is over. Goodbye.',
  },
  orderKey: {
    ru: ({ key, pickup }: Choice) => `Заказ ${where('с адреса', pickup)}— нажмите ${ru.number(key)}.`,
    uk: ({ key, pickup }) => `Замовлення ${where('з адреси', pickup)}— натисніть ${uk.number(key)}.`,
    pl: ({ key, pickup }) => `Zlecenie ${where('z adresu', pickup)}— proszę nacisnąć ${pl.number(key)}.`,
    en: ({ key, pickup }) => `For the order ${where('from', pickup)}press ${en.number(key)}.`,
  },
})

function where(from: string, pickup: string | undefined): string {
  return pickup ? `${from} ${pickup} ` : ''
}
