import { type CarName, type CarText, type Colour, describeCar, type Shade } from './cars.ts'
import type { Grammar, NounName } from './grammar.ts'
import { moneyReader } from './money.ts'
import { type Gender, hoursAndMinutes, spokenNumber } from './numbers.ts'
import { letterNames, plateReader } from './plates.ts'
import { type DayTime, monthOfDate, ordinals, type PastDay } from './times.ts'

const small = (
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen ' +
  'seventeen eighteen nineteen'
).split(' ')
const tens = '- - twenty thirty forty fifty sixty seventy eighty ninety'.split(' ')

function number(value: number): string {
  const whole = spokenNumber(value)
  const millions = Math.floor(whole / 1_000_000)
  const thousands = Math.floor(whole / 1000) % 1000
  const rest = whole % 1000
  const parts = [
    ...(millions > 0 ? [`${belowThousand(millions)} million`] : []),
    ...(thousands > 0 ? [`${belowThousand(thousands)} thousand`] : []),
  ]
  if (parts.length === 0) return belowThousand(rest)
  if (rest === 0) return parts.join(' ')
  return `${parts.join(' ')} ${rest < 100 ? 'and ' : ''}${belowThousand(rest)}`
}

function belowThousand(value: number): string {
  if (value < 20) return small[value] ?? ''
  if (value < 100) return [tens[Math.floor(value / 10)], ...(value % 10 ? [small[value % 10]] : [])].join('-')
  const hundreds = `${small[Math.floor(value / 100)]} hundred`
  return value % 100 === 0 ? hundreds : `${hundreds} and ${belowThousand(value % 100)}`
}

function count(value: number, noun: NounName): string {
  return `${number(value)} ${noun}${spokenNumber(value) === 1 ? '' : 's'}`
}

const dateName = ordinals(
  'zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth ' +
    'fifteenth sixteenth seventeenth eighteenth nineteenth twentieth thirtieth',
  { 20: 'twenty', 30: 'thirty' },
)

function when({ day, hour, minute }: DayTime): string {
  return `${dated(day)} ${at({ hour, minute })}`
}

function dated(day: string | { month: number; date: number }): string {
  return typeof day === 'string'
    ? day
    : `the ${dateName(day.date).replace(' ', '-')} of ${monthOfDate(day, 'en')}`
}

function on(day: PastDay): string {
  return typeof day === 'string' ? day : `on ${dated(day)}`
}

function at({ hour, minute }: { hour: number; minute: number }): string {
  const half = number(hour % 12 === 0 ? 12 : hour % 12)
  const time = minute === 0 ? `${half} o’clock` : `${half} ${minute < 10 ? 'oh ' : ''}${number(minute)}`
  return `at ${time} ${partOfDay(hour)}`
}

function partOfDay(hour: number): string {
  if (hour < 5) return 'at night'
  if (hour < 12) return 'in the morning'
  return hour < 18 ? 'in the afternoon' : 'in the evening'
}

const colours: Record<Colour, string> = {
  white: 'white',
  black: 'black',
  grey: 'grey',
  silver: 'silver',
  red: 'red',
  cherry: 'cherry red',
  burgundy: 'burgundy',
  blue: 'blue',
  navy: 'navy blue',
  lightBlue: 'light blue',
  green: 'green',
  yellow: 'yellow',
  orange: 'orange',
  brown: 'brown',
  beige: 'beige',
  gold: 'gold',
  violet: 'purple',
  pink: 'pink',
  turquoise: 'turquoise',
}

function colour(name: Colour, _gender: Gender, shade?: Shade): string {
  return shade ? `${shade} ${colours[name]}` : colours[name]
}

const spoken: Record<CarName, string> = {
  toyota: 'Toyota',
  lada: 'Lada',
  honda: 'Honda',
  skoda: 'Skoda',
  mazda: 'Mazda',
  kia: 'Kia',
  bmw: 'B M W',
  audi: 'Audi',
  nissan: 'Nissan',
  hyundai: 'Hyundai',
  renault: 'Renault',
  ford: 'Ford',
  volkswagen: 'Volkswagen',
  opel: 'Opel',
  mercedes: 'Mercedes',
  chevrolet: 'Chevrolet',
  peugeot: 'Peugeot',
  citroen: 'Citroen',
  subaru: 'Subaru',
  suzuki: 'Suzuki',
  mitsubishi: 'Mitsubishi',
  lexus: 'Lexus',
  infiniti: 'Infiniti',
  geely: 'Geely',
  chery: 'Chery',
  haval: 'Haval',
  daewoo: 'Daewoo',
  ravon: 'Ravon',
  fiat: 'Fiat',
  seat: 'Seat',
  volvo: 'Volvo',
  porsche: 'Porsche',
  tesla: 'Tesla',
  dacia: 'Dacia',
  zaz: 'Zaz',
  gazelle: 'Gazelle',
  landRover: 'Land Rover',
  jeep: 'Jeep',
  ssangYong: 'SsangYong',
  byd: 'B Y D',
  moskvich: 'Moskvich',
  camry: 'Camry',
  corolla: 'Corolla',
  prius: 'Prius',
  logan: 'Logan',
  sandero: 'Sandero',
  megane: 'Megane',
  octavia: 'Octavia',
  rapid: 'Rapid',
  superb: 'Superb',
  solaris: 'Solaris',
  accent: 'Accent',
  elantra: 'Elantra',
  sonata: 'Sonata',
  rio: 'Rio',
  focus: 'Focus',
  polo: 'Polo',
  passat: 'Passat',
  lanos: 'Lanos',
  nexia: 'Nexia',
  sens: 'Sens',
  aveo: 'Aveo',
  lacetti: 'Lacetti',
  lancer: 'Lancer',
  priora: 'Priora',
  granta: 'Granta',
  vesta: 'Vesta',
  kalina: 'Kalina',
  largus: 'Largus',
  leaf: 'Leaf',
  astra: 'Astra',
}
const names = Object.fromEntries(
  Object.entries(spoken).map(([name, word]) => [name, [word, 'neuter'] as const]),
) as unknown as Record<CarName, readonly [string, Gender]>

/** `a white Toyota`, `an orange Ford`. */
export function a(phrase: string): string {
  return `${/^[aeiou]/i.test(phrase) ? 'an' : 'a'} ${phrase}`
}

export const en: Grammar = {
  number,
  count,
  minutes: (value) =>
    hoursAndMinutes(
      value,
      (hours) => count(hours, 'hour'),
      (minutes) => count(minutes, 'minute'),
    ),
  when,
  on,
  at,
  money: moneyReader('en', {
    count: (value, { forms: { nominative } }) =>
      `${number(value)} ${spokenNumber(value) === 1 ? nominative.one : nominative.many}`,
    between: ' and ',
  }),
  plate: plateReader({
    latin: letterNames(
      'A ay, B bee, C see, D dee, E ee, F eff, G gee, H aitch, I eye, J jay, K kay, L ell, M em, N en, O oh, P pee, ' +
        'Q cue, R ar, S ess, T tee, U you, V vee, W double-you, X ex, Y why, Z zed',
    ),
    digits: 'singly',
    number,
  }),
  car: (text: CarText) => describeCar(text, { colour, names, car: ['car', 'neuter'] }),
}
