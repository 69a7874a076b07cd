import { defineWords } from '#core/plugin.ts'
import { en, pl, ru, uk } from '#core/voice/grammar/grammar.ts'

interface Where {
  address: string
}
interface Choice extends Where {
  key: number
}

export const words = defineWords('auto-order', {
  carTo: {
    ru: ({ address }: Where) => `Подать машину на адрес: ${address}?`,
    uk: ({ address }) => `Подати машину на адресу: ${address}?`,
    pl: ({ address }) => `Podstawić taksówkę pod adres: ${address}?`,
    en: ({ address }) => `Shall I send a car to ${address}?`,
  },
  oneKey: {
    ru: 'Если да, нажмите один. Для связи с оператором нажмите два.',
    uk: 'Якщо так, натисніть один. Для зв’язку з оператором натисніть два.',
    pl: 'Jeśli tak, proszę nacisnąć jeden. Aby porozmawiać z konsultantem, proszę nacisnąć dwa.',
    en: 'If so, press one. To talk to an operator, press two.',
  },
  othersKey: {
    ru: 'Чтобы выбрать другой ваш адрес, нажмите три.',
    uk: 'Щоб обрати іншу вашу адресу, натисніть три.',
    pl: 'Aby wybrać inny zapisany adres, proszę nacisnąć trzy.',
    en: 'For another of your addresses, press three.',
  },
  addressKey: {
    ru: ({ address, key }: Choice) => `${address} — нажмите ${ru.number(key)}.`,
    uk: ({ address, key }) => `${address} — натисніть ${uk.number(key)}.`,
    pl: ({ address, key }) => `${address} — proszę nacisnąć ${pl.number(key)}.`,
    en: ({ address, key }) => `For ${address} press ${en.number(key)}.`,
  },
  noCarFree: {
    ru: 'Сейчас поблизости нет свободных машин, ждать придётся дольше. Чтобы всё же заказать, нажмите один. Для связи с оператором нажмите два.',
    uk: 'Зараз поблизу немає вільних машин, чекати доведеться довше. Щоб усе ж замовити, натисніть один. Для зв’язку з оператором натисніть два.',
    pl: 'W pobliżu nie ma teraz wolnych taksówek, trzeba będzie dłużej poczekać. Aby mimo to zamówić, proszę nacisnąć jeden. Aby porozmawiać z konsultantem, proszę nacisnąć dwa.',
    en: 'No car is free nearby at the moment, so it will take longer. To order all the same, press one. To talk to an operator, press two.',
  },
  ordered: {
    ru: ({ address }: Where) =>
      `Заказ принят. Машина приедет на адрес: ${address}. Мы сообщим, когда она будет назначена.`,
    uk: ({ address }) =>
      `Замовлення прийнято. Машина приїде на адресу: ${address}. Ми повідомимо, коли її буде призначено.`,
    pl: ({ address }) =>
      `Zlecenie przyjęte. Taksówka przyjedzie pod adres: ${address}. Damy znać, gdy zostanie przydzielona.`,
    en: ({ address }) =>
      `Your order is taken. A car will come to ${address}. We will tell you when it is on its way.`,
  },
  orderedBefore: {
    ru: ({ address }: Where) => `На адрес ${address} с вашего номера машина уже заказана.`,
    uk: ({ address }) => `На адресу ${address} з вашого номера машину вже замовлено.`,
    pl: ({ address }) => `Pod adres ${address} z tego numeru zamówiono już taksówkę.`,
    en: ({ address }) => `A car to ${address} has already been ordered from your number.`,
  },
  anotherKey: {
    ru: 'Чтобы заказать ещё одну, нажмите один. Для связи с оператором нажмите два.',
    uk: 'Щоб замовити ще одну, натисніть один. Для зв’язку з оператором натисніть два.',
    pl: 'Aby zamówić kolejną, proszę nacisnąć jeden. Aby porozmawiać z konsultantem, proszę nacisnąć dwa.',
    en: 'For one more car, press one. To talk to an operator, press two.',
  },
  cannotOrder: {
    ru: 'Оформить заказ не получилось. Соединяю вас с оператором.',
    uk: 'Оформити замовлення не вдалося. З’єдную вас з оператором.',
    pl: 'Nie udało się przyjąć zlecenia. Łączę z konsultantem.',
    en: 'The order could not be made. I am putting you through to an operator.',
  },
  lookingForDriver: {
    ru: 'Заказ принят. Соединяю вас с ближайшим свободным водителем.',
    uk: 'Замовлення прийнято. З’єдную вас із найближчим вільним водієм.',
    pl: 'Zlecenie przyjęte. Łączę z najbliższym wolnym kierowcą.',
    en: 'Your order is taken. I am joining you with the nearest free driver.',
  },
  noDriver: {
    ru: 'Водители сейчас не отвечают. Соединяю вас с оператором.',
    uk: 'Водії зараз не відповідають. З’єдную вас з оператором.',
    pl: 'Kierowcy teraz nie odbierają. Łączę z konsultantem.',
    en: 'The drivers are not answering at the moment. I am putting you through to an operator.',
  },
  toOperator: {
    ru: 'Соединяю вас с оператором.',
    uk: 'З’єдную вас з оператором.',
    pl: 'Łączę z konsultantem.',
    en: 'I am putting you through to an operator.',
  },
})
