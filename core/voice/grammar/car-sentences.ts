/** Whole sentences about a car, the same wherever a client hears of it. */
import type { Car } from '../../ports/dispatch.ts'
import { a, en, pl, ru, uk } from './grammar.ts'

interface OfCar {
  car: Car | undefined
}
interface Coming extends OfCar {
  minutes: number | undefined
}

/** The car is on its way. */
export const carComing = {
  ru: ({ car, minutes }: Coming) => sentences(comingIn.ru(minutes), carIs.ru(car)),
  uk: ({ car, minutes }: Coming) => sentences(comingIn.uk(minutes), carIs.uk(car)),
  pl: ({ car, minutes }: Coming) => sentences(comingIn.pl(minutes), carIs.pl(car)),
  en: ({ car, minutes }: Coming) => sentences(comingIn.en(minutes), carIs.en(car)),
}

/** The car is there. */
export const carArrived = {
  ru: ({ car }: OfCar) => sentences('Машина подъехала и ждёт вас.', carIs.ru(car)),
  uk: ({ car }: OfCar) => sentences('Машина під’їхала й чекає на вас.', carIs.uk(car)),
  pl: ({ car }: OfCar) => sentences('Taksówka jest na miejscu i czeka.', carIs.pl(car)),
  en: ({ car }: OfCar) => sentences('Your taxi has arrived and is waiting for you.', carIs.en(car)),
}

/** How soon the car is there: in minutes, at any moment, or not known. */
const comingIn = {
  ru(minutes: number | undefined) {
    if (minutes === undefined) return 'Машина уже едет к вам.'
    if (minutes < 1) return 'Машина будет с минуты на минуту.'
    return `Машина едет к вам и будет через ${ru.minutes(minutes, 'accusative')}.`
  },
  uk(minutes: number | undefined) {
    if (minutes === undefined) return 'Машина вже їде до вас.'
    if (minutes < 1) return 'Машина буде з хвилини на хвилину.'
    return `Машина їде до вас і буде за ${uk.minutes(minutes, 'accusative')}.`
  },
  pl(minutes: number | undefined) {
    if (minutes === undefined) return 'Taksówka jest już w drodze.'
    if (minutes < 1) return 'Taksówka będzie lada chwila.'
    return `Taksówka jest w drodze i będzie za ${pl.minutes(minutes, 'accusative')}.`
  },
  en(minutes: number | undefined) {
    if (minutes === undefined) return 'Your taxi is on its way.'
    if (minutes < 1) return 'Your taxi will be with you any moment now.'
    return `Your taxi is on its way and will be with you in ${en.minutes(minutes)}.`
  },
}

/** What to look for in the street; nothing when nothing of it can be said. */
export const carIs = {
  ru: (car: Car = {}) =>
    description(ru.car(car), ru.plate(car.plate), { car: 'Это', plate: 'номер', alone: 'Номер машины:' }),
  uk: (car: Car = {}) =>
    description(uk.car(car), uk.plate(car.plate), { car: 'Це', plate: 'номер', alone: 'Номер машини:' }),
  pl: (car: Car = {}) =>
    description(pl.car(car), pl.plate(car.plate), {
      car: 'To',
      plate: 'numer rejestracyjny',
      alone: 'Numer rejestracyjny:',
    }),
  en(car: Car = {}) {
    const look = en.car(car)
    return description(look && a(look), en.plate(car.plate), {
      car: 'It is',
      plate: 'registration',
      alone: 'The registration is',
    })
  },
}

function description(
  look: string | undefined,
  plate: string | undefined,
  words: { car: string; plate: string; alone: string },
): string | undefined {
  if (!look) return plate && `${words.alone} ${plate}.`
  return plate ? `${words.car} ${look}, ${words.plate} ${plate}.` : `${words.car} ${look}.`
}

/** One after another; what cannot be said is left out. */
export function sentences(...each: (string | undefined)[]): string {
  return each.filter((sentence) => sentence !== undefined).join(' ')
}
