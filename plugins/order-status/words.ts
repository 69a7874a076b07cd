import { defineWords } from '#core/plugin.ts'
import type { Car } from '#core/ports/dispatch.ts'
import { sayableAddress } from '#core/voice/grammar/addresses.ts'
import { carArrived, carComing, carIs, sentences } from '#core/voice/grammar/car-sentences.ts'
import { en, pl, ru, uk } from '#core/voice/grammar/grammar.ts'
import type { DayTime } from '#core/voice/grammar/times.ts'

interface OrderedFor {
  car: Car | undefined
  when: DayTime
}
interface OrderByKey {
  key: number
  pickup: string | undefined
  when: DayTime | undefined
}
interface DriversOrder {
  pickup: string | undefined
}

export const words = defineWords('order-status', {
  searching: {
    ru: 'Ваш заказ принят, мы подбираем машину.',
    uk: 'Ваше замовлення прийнято, ми шукаємо машину.',
    pl: 'Zamówienie zostało przyjęte, szukamy taksówki.',
    en: 'We have your order and are looking for a car.',
  },
  noCarYet: {
    ru: 'Машина на ваш заказ пока не назначена, мы её ищем.',
    uk: 'Машину на ваше замовлення ще не призначено, ми її шукаємо.',
    pl: 'Do tego zamówienia nie ma jeszcze taksówki, nadal jej szukamy.',
    en: 'No car has been found for your order yet. We are still looking.',
  },
  carComing,
  arrived: carArrived,
  orderedFor: {
    ru: ({ when, car }: OrderedFor) => sentences(`Машина заказана ${ru.when(when)}.`, carIs.ru(car)),
    uk: ({ when, car }) => sentences(`Машину замовлено ${uk.when(when)}.`, carIs.uk(car)),
    pl: ({ when, car }) => sentences(`Taksówka jest zamówiona ${pl.when(when)}.`, carIs.pl(car)),
    en: ({ when, car }) => sentences(`Your taxi is ordered for ${en.when(when)}.`, carIs.en(car)),
  },
  severalOrders: {
    ru: 'На ваш номер сделано несколько заказов.',
    uk: 'На ваш номер зроблено кілька замовлень.',
    pl: 'Na ten numer jest kilka zamówień.',
    en: 'There are several orders for your number.',
  },
  orderByKey: {
    ru: ({ key, pickup, when }: OrderByKey) =>
      `${which(sayableAddress(pickup, ru), when && ru.when(when), `Заказ ${ru.number(key)}`)} — нажмите ${ru.number(key)}.`,
    uk: ({ key, pickup, when }) =>
      `${which(sayableAddress(pickup, uk), when && uk.when(when), `Замовлення ${uk.number(key)}`)} — натисніть ${uk.number(key)}.`,
    pl: ({ key, pickup, when }) =>
      `${which(sayableAddress(pickup, pl), when && pl.when(when), `Zamówienie ${pl.number(key)}`)} — proszę nacisnąć ${pl.number(key)}.`,
    en: ({ key, pickup, when }) =>
      `${which(sayableAddress(pickup, en), when && en.when(when), `Order ${en.number(key)}`)}: press ${en.number(key)}.`,
  },
  orStay: {
    ru: 'Чтобы поговорить с оператором, оставайтесь на линии.',
    uk: 'Щоб поговорити з оператором, залишайтеся на лінії.',
    pl: 'Aby porozmawiać z konsultantem, proszę pozostać na linii.',
    en: 'To talk to an operator, stay on the line.',
  },
  keys: {
    ru: 'Чтобы отменить заказ, нажмите ноль. Связаться с водителем — один, с оператором — два, прослушать ещё раз — девять.',
    uk: 'Щоб скасувати замовлення, натисніть нуль. Зв’язатися з водієм — один, з оператором — два, прослухати ще раз — дев’ять.',
    pl: 'Aby odwołać zamówienie, proszę nacisnąć zero. Aby połączyć się z kierowcą — jeden, z konsultantem — dwa, aby wysłuchać ponownie — dziewięć.',
    en: 'To cancel the order, press zero. For the driver, press one. For an operator, press two. To hear this again, press nine.',
  },
  keysWithoutDriver: {
    ru: 'Чтобы отменить заказ, нажмите ноль. Связаться с оператором — два, прослушать ещё раз — девять.',
    uk: 'Щоб скасувати замовлення, натисніть нуль. Зв’язатися з оператором — два, прослухати ще раз — дев’ять.',
    pl: 'Aby odwołać zamówienie, proszę nacisnąć zero. Aby połączyć się z konsultantem — dwa, aby wysłuchać ponownie — dziewięć.',
    en: 'To cancel the order, press zero. For an operator, press two. To hear this again, press nine.',
  },
  confirmCancel: {
    ru: 'Чтобы подтвердить отмену заказа, нажмите ноль ещё раз. Чтобы поговорить с оператором, оставайтесь на линии.',
    uk: 'Щоб підтвердити скасування замовлення, натисніть нуль ще раз. Щоб поговорити з оператором, залишайтеся на лінії.',
    pl: 'Aby potwierdzić odwołanie zamówienia, proszę ponownie nacisnąć zero. Aby porozmawiać z konsultantem, proszę pozostać na linii.',
    en: 'To confirm that you want to cancel, press zero again. To talk to an operator, stay on the line.',
  },
  cancelled: {
    ru: 'Ваш заказ отменён. Всего доброго.',
    uk: 'Ваше замовлення скасовано. На все добре.',
    pl: 'Zamówienie zostało odwołane. Do usłyszenia.',
    en: 'Your order has been cancelled. Goodbye.',
  },
  cannotCancel: {
    ru: 'Этот заказ уже нельзя отменить без оператора. Соединяю вас с ним.',
    uk: 'Це замовлення вже не можна скасувати без оператора. З’єдную вас із ним.',
    pl: 'Tego zamówienia nie można już odwołać bez konsultanta. Łączę z konsultantem.',
    en: 'This order can no longer be cancelled without an operator. I am putting you through.',
  },
  connectingToOperator: {
    ru: 'Соединяю вас с оператором.',
    uk: 'З’єдную вас з оператором.',
    pl: 'Łączę z konsultantem.',
    en: 'I am putting you through to an operator.',
  },
  connectingToDriver: {
    ru: 'Соединяю вас с водителем.',
    uk: 'З’єдную вас із водієм.',
    pl: 'Łączę z kierowcą.',
    en: 'I am putting you through to the driver.',
  },
  driversOrder: {
    ru: ({ pickup }: DriversOrder) => pickedUpAt('Ваш заказ', sayableAddress(pickup, ru), 'У вас есть заказ'),
    uk: ({ pickup }) => pickedUpAt('Ваше замовлення', sayableAddress(pickup, uk), 'У вас є замовлення'),
    pl: ({ pickup }) => pickedUpAt('Zamówienie', sayableAddress(pickup, pl), 'Jest aktualne zamówienie'),
    en: ({ pickup }) => pickedUpAt('Your order', sayableAddress(pickup, en), 'You have an order'),
  },
  driverKeys: {
    ru: 'Чтобы связаться с клиентом, нажмите один. С оператором — два, прослушать ещё раз — девять.',
    uk: 'Щоб зв’язатися з клієнтом, натисніть один. З оператором — два, прослухати ще раз — дев’ять.',
    pl: 'Aby połączyć się z klientem, proszę nacisnąć jeden. Z konsultantem — dwa, aby wysłuchać ponownie — dziewięć.',
    en: 'For the client, press one. For an operator, press two. To hear this again, press nine.',
  },
  driverKeysWithoutClient: {
    ru: 'Чтобы связаться с оператором, нажмите два. Прослушать ещё раз — девять.',
    uk: 'Щоб зв’язатися з оператором, натисніть два. Прослухати ще раз — дев’ять.',
    pl: 'Aby połączyć się z konsultantem, proszę nacisnąć dwa. Aby wysłuchać ponownie — dziewięć.',
    en: 'For an operator, press two. To hear this again, press nine.',
  },
  connectingToClient: {
    ru: 'Соединяю вас с клиентом.',
    uk: 'З’єдную вас із клієнтом.',
    pl: 'Łączę z klientem.',
    en: 'I am putting you through to the client.',
  },
  clientUnavailable: {
    ru: 'Клиент сейчас не отвечает. Соединяю вас с оператором.',
    uk: 'Клієнт зараз не відповідає. З’єдную вас з оператором.',
    pl: 'Klient teraz nie odbiera. Łączę z konsultantem.',
    en: 'The client is not answering at the moment. I am putting you through to an operator.',
  },
  driverUnavailable: {
    ru: 'Водитель сейчас не отвечает. Соединяю вас с оператором.',
    uk: 'Водій зараз не відповідає. З’єдную вас з оператором.',
    pl: 'Kierowca teraz nie odbiera. Łączę z konsultantem.',
    en: 'The driver is not answering at the moment. I am putting you through to an operator.',
  },
})

/** Which of several orders: by where the car comes, when it is wanted, or merely its number. */
function which(pickup: string | undefined, when: string | undefined, numbered: string): string {
  return capitalised([pickup, when].filter((each) => each !== undefined).join(', ') || numbered)
}

function pickedUpAt(order: string, pickup: string | undefined, without: string): string {
  return pickup ? `${order}: ${pickup}.` : `${without}.`
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
