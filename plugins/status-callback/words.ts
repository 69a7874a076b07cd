import { defineWords } from '#core/plugin.ts'
import type { Car } from '#core/ports/dispatch.ts'
import { carArrived, carComing, carIs, sentences } from '#core/voice/grammar/car-sentences.ts'

interface OfCar {
  car: Car | undefined
}
interface Coming extends OfCar {
  minutes: number | undefined
}
interface Keys {
  confirm: boolean
  driver: boolean
}

export const words = defineWords('status-callback', {
  greeting: {
    ru: 'Здравствуйте, это служба такси.',
    uk: 'Вітаємо, це служба таксі.',
    pl: 'Dzień dobry, tu taksówki.',
    en: 'Hello, this is your taxi company.',
  },
  searching: {
    ru: 'Мы подбираем машину на ваш заказ.',
    uk: 'Ми шукаємо машину на ваше замовлення.',
    pl: 'Szukamy taksówki do tego zamówienia.',
    en: 'We are looking for a car for your order.',
  },
  coming: carComing,
  arrived: carArrived,
  delayed: {
    ru: ({ car, minutes }: Coming) =>
      sentences('К сожалению, машина задерживается.', carComing.ru({ car, minutes })),
    uk: ({ car, minutes }) => sentences('На жаль, машина затримується.', carComing.uk({ car, minutes })),
    pl: ({ car, minutes }) => sentences('Przepraszamy, taksówka się spóźni.', carComing.pl({ car, minutes })),
    en: ({ car, minutes }) =>
      sentences('We are sorry, your taxi is running late.', carComing.en({ car, minutes })),
  },
  noCar: {
    ru: 'К сожалению, свободной машины для вас пока нет. Мы продолжаем искать.',
    uk: 'На жаль, вільної машини для вас поки немає. Ми продовжуємо шукати.',
    pl: 'Przepraszamy, nie ma jeszcze wolnej taksówki. Nadal szukamy.',
    en: 'We are sorry, there is no free car for you yet. We are still looking.',
  },
  noCarFound: {
    ru: 'К сожалению, машину на ваш заказ найти не удалось, и заказ снят.',
    uk: 'На жаль, машину на ваше замовлення знайти не вдалося, і замовлення знято.',
    pl: 'Przepraszamy, nie udało się znaleźć taksówki i zamówienie zostało odwołane.',
    en: 'We are sorry, no car could be found, and your order has been closed.',
  },
  cancelled: {
    ru: 'Ваш заказ отменён.',
    uk: 'Ваше замовлення скасовано.',
    pl: 'Zamówienie zostało odwołane.',
    en: 'Your order has been cancelled.',
  },
  areYouComing: {
    ru: ({ car }: OfCar) => sentences('Машина ждёт вас. Вы выходите?', carIs.ru(car)),
    uk: ({ car }) => sentences('Машина чекає на вас. Ви виходите?', carIs.uk(car)),
    pl: ({ car }) => sentences('Taksówka czeka. Czy już pan lub pani wychodzi?', carIs.pl(car)),
    en: ({ car }) => sentences('Your taxi is waiting. Are you coming?', carIs.en(car)),
  },
  car: {
    ru: ({ car }: OfCar) => carIs.ru(car) ?? '',
    uk: ({ car }) => carIs.uk(car) ?? '',
    pl: ({ car }) => carIs.pl(car) ?? '',
    en: ({ car }) => carIs.en(car) ?? '',
  },
  keys: {
    ru: (keys: Keys) =>
      ifAny(keys, 'Если вы выходите, нажмите один.', 'Связаться с водителем — три.') +
      'Связаться с оператором — два, прослушать ещё раз — девять.',
    uk: (keys) =>
      ifAny(keys, 'Якщо ви виходите, натисніть один.', 'Зв’язатися з водієм — три.') +
      'Зв’язатися з оператором — два, прослухати ще раз — дев’ять.',
    pl: (keys) =>
      ifAny(keys, 'Jeśli już pan lub pani wychodzi, proszę nacisnąć jeden.', 'Połączyć z kierowcą — trzy.') +
      'Połączyć z konsultantem — dwa, wysłuchać ponownie — dziewięć.',
    en: (keys) =>
      ifAny(keys, 'If you are coming out, press one.', 'For the driver, press three.') +
      'For an operator, press two. To hear this again, press nine.',
  },
  thanks: {
    ru: 'Спасибо, мы передали водителю, что вы выходите.',
    uk: 'Дякуємо, ми передали водієві, що ви виходите.',
    pl: 'Dziękujemy, przekazaliśmy to kierowcy.',
    en: 'Thank you, the driver has been told that you are coming.',
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
})

function ifAny({ confirm, driver }: Keys, comingOut: string, toDriver: string): string {
  return [confirm && `${comingOut} `, driver && `${toDriver} `].filter(Boolean).join('')
}
