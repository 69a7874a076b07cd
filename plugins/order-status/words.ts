import { defineWords } from '#core/plugin.ts'
import { carArrived, carComing } from '#core/voice/grammar/car-sentences.ts'

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
  driverUnavailable: {
    ru: 'Водитель сейчас не отвечает. Соединяю вас с оператором.',
    uk: 'Водій зараз не відповідає. З’єдную вас з оператором.',
    pl: 'Kierowca teraz nie odbiera. Łączę z konsultantem.',
    en: 'The driver is not answering at the moment. I am putting you through to an operator.',
  },
})
