import { defineWords } from '#core/plugin.ts'
import { sayableAddress } from '#core/voice/grammar/addresses.ts'
import { en, pl, ru, uk } from '#core/voice/grammar/grammar.ts'

interface Pickup {
  pickup: string | undefined
}

export const words = defineWords('driver-desk', {
  balanceKey: {
    ru: 'Ваш баланс — один.',
    uk: 'Ваш баланс — один.',
    pl: 'Saldo — jeden.',
    en: 'For your balance, press one.',
  },
  orderKey: {
    ru: 'Ваш заказ — два.',
    uk: 'Ваше замовлення — два.',
    pl: 'Aktualne zlecenie — dwa.',
    en: 'For your order, press two.',
  },
  clientKey: {
    ru: 'Связаться с клиентом — три.',
    uk: 'Зв’язатися з клієнтом — три.',
    pl: 'Połączenie z klientem — trzy.',
    en: 'For the client, press three.',
  },
  atPlaceKey: {
    ru: 'Сообщить, что вы на месте, — четыре.',
    uk: 'Повідомити, що ви на місці, — чотири.',
    pl: 'Zgłoszenie przyjazdu na miejsce — cztery.',
    en: 'To say that you are at the place, press four.',
  },
  offLineKey: {
    ru: 'Снять вас с линии — пять.',
    uk: 'Зняти вас з лінії — п’ять.',
    pl: 'Zakończenie pracy — pięć.',
    en: 'To be taken off the line, press five.',
  },
  repeatKey: {
    ru: 'Прослушать ещё раз — девять.',
    uk: 'Прослухати ще раз — дев’ять.',
    pl: 'Powtórzenie — dziewięć.',
    en: 'To hear this again, press nine.',
  },
  operatorKey: {
    ru: 'Связаться с оператором — ноль.',
    uk: 'Зв’язатися з оператором — нуль.',
    pl: 'Rozmowa z konsultantem — zero.',
    en: 'For an operator, press zero.',
  },
  order: {
    ru: ({ pickup }: Pickup) => told('Ваш заказ', sayableAddress(pickup, ru), 'У вас есть заказ'),
    uk: ({ pickup }) => told('Ваше замовлення', sayableAddress(pickup, uk), 'У вас є замовлення'),
    pl: ({ pickup }) => told('Zlecenie', sayableAddress(pickup, pl), 'Jest aktualne zlecenie'),
    en: ({ pickup }) => told('Your order', sayableAddress(pickup, en), 'You have an order'),
  },
  noOrder: {
    ru: 'Этого заказа у вас уже нет.',
    uk: 'Цього замовлення у вас уже немає.',
    pl: 'Tego zlecenia już nie ma.',
    en: 'You no longer have that order.',
  },
  atPlace: {
    ru: 'Записано: вы на месте.',
    uk: 'Записано: ви на місці.',
    pl: 'Zapisano przyjazd na miejsce.',
    en: 'It is noted that you are at the place.',
  },
  notAtPlace: {
    ru: 'Отметить это по телефону сейчас нельзя. Соединяю вас с оператором.',
    uk: 'Позначити це телефоном зараз не можна. З’єдную вас з оператором.',
    pl: 'Teraz nie można tego zgłosić telefonicznie. Łączę z konsultantem.',
    en: 'That cannot be noted by telephone now. I am putting you through to an operator.',
  },
  sureOffLine: {
    ru: 'Чтобы подтвердить, что вы уходите с линии, нажмите пять ещё раз.',
    uk: 'Щоб підтвердити, що ви йдете з лінії, натисніть п’ять ще раз.',
    pl: 'Aby potwierdzić zakończenie pracy, proszę ponownie nacisnąć pięć.',
    en: 'To confirm that you want to leave the line, press five again.',
  },
  offLine: {
    ru: 'Вы сняты с линии. Всего доброго.',
    uk: 'Вас знято з лінії. На все добре.',
    pl: 'Praca została zakończona. Do usłyszenia.',
    en: 'You are off the line. Goodbye.',
  },
  stillOnLine: {
    ru: 'Снять вас с линии может сейчас только оператор. Соединяю вас с ним.',
    uk: 'Зняти вас з лінії зараз може лише оператор. З’єдную вас із ним.',
    pl: 'Pracę może teraz zakończyć tylko konsultant. Łączę z konsultantem.',
    en: 'Only an operator can take you off the line now. I am putting you through.',
  },
  silent: {
    ru: 'Диспетчерская программа сейчас не отвечает. Соединяю вас с оператором.',
    uk: 'Диспетчерська програма зараз не відповідає. З’єдную вас з оператором.',
    pl: 'System dyspozytorski teraz nie odpowiada. Łączę z konsultantem.',
    en: 'The dispatch system is not answering at the moment. I am putting you through to an operator.',
  },
  toOperator: {
    ru: 'Соединяю вас с оператором.',
    uk: 'З’єдную вас з оператором.',
    pl: 'Łączę z konsultantem.',
    en: 'I am putting you through to an operator.',
  },
})

function told(order: string, pickup: string | undefined, without: string): string {
  return pickup ? `${order}: ${pickup}.` : `${without}.`
}
