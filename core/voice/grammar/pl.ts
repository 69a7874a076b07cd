import { type CarName, type CarText, type Colour, describeCar, type Shade } from './cars.ts'
import type { Grammar } from './grammar.ts'
import { moneyReader } from './money.ts'
import { type Gender, noun, slavicNumbers } from './numbers.ts'
import { letterNames, plateReader } from './plates.ts'
import { type DayTime, monthOfDate, ordinals, type PastDay } from './times.ts'

const {
  number,
  count: countOf,
  counting,
} = slavicNumbers({
  language: 'pl',
  words: [
    [0, 'zero', 'zera'],
    [3, 'trzy', 'trzech'],
    [4, 'cztery', 'czterech'],
    [5, 'pięć', 'pięciu'],
    [6, 'sześć', 'sześciu'],
    [7, 'siedem', 'siedmiu'],
    [8, 'osiem', 'ośmiu'],
    [9, 'dziewięć', 'dziewięciu'],
    [10, 'dziesięć', 'dziesięciu'],
    [11, 'jedenaście', 'jedenastu'],
    [12, 'dwanaście', 'dwunastu'],
    [13, 'trzynaście', 'trzynastu'],
    [14, 'czternaście', 'czternastu'],
    [15, 'piętnaście', 'piętnastu'],
    [16, 'szesnaście', 'szesnastu'],
    [17, 'siedemnaście', 'siedemnastu'],
    [18, 'osiemnaście', 'osiemnastu'],
    [19, 'dziewiętnaście', 'dziewiętnastu'],
    [20, 'dwadzieścia', 'dwudziestu'],
    [30, 'trzydzieści', 'trzydziestu'],
    [40, 'czterdzieści', 'czterdziestu'],
    [50, 'pięćdziesiąt', 'pięćdziesięciu'],
    [60, 'sześćdziesiąt', 'sześćdziesięciu'],
    [70, 'siedemdziesiąt', 'siedemdziesięciu'],
    [80, 'osiemdziesiąt', 'osiemdziesięciu'],
    [90, 'dziewięćdziesiąt', 'dziewięćdziesięciu'],
    [100, 'sto', 'stu'],
    [200, 'dwieście', 'dwustu'],
    [300, 'trzysta', 'trzystu'],
    [400, 'czterysta', 'czterystu'],
    [500, 'pięćset', 'pięciuset'],
    [600, 'sześćset', 'sześciuset'],
    [700, 'siedemset', 'siedmiuset'],
    [800, 'osiemset', 'ośmiuset'],
    [900, 'dziewięćset', 'dziewięciuset'],
  ],
  one: {
    nominative: 'jeden jedna jedno',
    accusative: 'jeden jedną jedno',
    genitive: 'jednego jednej jednego',
  },
  two: { nominative: 'dwa dwie dwa', genitive: 'dwóch' },
  oneInsideNeverChanges: true,
  thousand: noun('masculine', 'tysiąc tysiące tysięcy', 'tysiąc tysiące tysięcy', 'tysiąca tysięcy tysięcy'),
  million: noun(
    'masculine',
    'milion miliony milionów',
    'milion miliony milionów',
    'miliona milionów milionów',
  ),
})

const nouns = {
  minute: noun('feminine', 'minuta minuty minut', 'minutę minuty minut', 'minuty minut minut'),
  hour: noun('feminine', 'godzina godziny godzin', 'godzinę godziny godzin', 'godziny godzin godzin'),
}

/** Of an hour; a date has «drugiego» for «drugą». */
const hourName = ordinals(
  'zerową pierwszą drugą trzecią czwartą piątą szóstą siódmą ósmą dziewiątą dziesiątą jedenastą dwunastą ' +
    'trzynastą czternastą piętnastą szesnastą siedemnastą osiemnastą dziewiętnastą dwudziestą trzydziestą',
  { 20: 'dwudziestą', 30: 'trzydziestą' },
)
const dateName = (date: number) =>
  hourName(date)
    .replaceAll(/gą(?!\p{L})/gu, 'giego')
    .replaceAll(/ą(?!\p{L})/gu, 'ego')

function when({ day, hour, minute }: DayTime): string {
  const named = { today: 'dziś', tomorrow: 'jutro' }
  const date = typeof day === 'string' ? named[day] : `${dateName(day.date)} ${monthOfDate(day, 'pl')}`
  const zero = minute < 10 ? ' zero' : ''
  const minutes = minute === 0 ? '' : `${zero} ${number(minute)}`
  return `na ${date}, na godzinę ${hourName(hour)}${minutes}`
}

function on(day: PastDay): string {
  if (typeof day === 'string') return { today: 'dzisiaj', yesterday: 'wczoraj' }[day]
  return `${dateName(day.date)} ${monthOfDate(day, 'pl')}`
}

function at({ hour, minute }: { hour: number; minute: number }): string {
  const name = hourName(hour)
    .replaceAll(/gą(?!\p{L})/gu, 'giej')
    .replaceAll(/ą(?!\p{L})/gu, 'ej')
  const zero = minute < 10 ? ' zero' : ''
  return `o godzinie ${name}${minute === 0 ? '' : `${zero} ${number(minute)}`}`
}

const colours: Record<Colour, string> = {
  white: 'biały',
  black: 'czarny',
  grey: 'szary',
  silver: 'srebrny',
  red: 'czerwony',
  cherry: 'wiśniowy',
  burgundy: 'bordowy',
  blue: 'niebieski',
  navy: 'granatowy',
  lightBlue: 'błękitny',
  green: 'zielony',
  yellow: 'żółty',
  orange: 'pomarańczowy',
  brown: 'brązowy',
  beige: 'beżowy',
  gold: 'złoty',
  violet: 'fioletowy',
  pink: 'różowy',
  turquoise: 'turkusowy',
}
const shades: Record<Shade, string> = { dark: 'ciemno', light: 'jasno' }

function colour(name: Colour, gender: Gender, shade?: Shade): string {
  const masculine = colours[name]
  const stem = masculine.slice(0, -1)
  const last = masculine.slice(-1)
  const ending = { masculine: last, feminine: 'a', neuter: last === 'i' ? 'ie' : 'e' }
  return `${shade ? shades[shade] : ''}${stem}${ending[gender]}`
}

const names: Record<CarName, readonly [string, Gender]> = {
  toyota: ['Toyota', 'feminine'],
  lada: ['Łada', 'feminine'],
  honda: ['Honda', 'feminine'],
  skoda: ['Skoda', 'feminine'],
  mazda: ['Mazda', 'feminine'],
  kia: ['Kia', 'feminine'],
  bmw: ['be-em-wu', 'neuter'],
  audi: ['Audi', 'neuter'],
  nissan: ['Nissan', 'masculine'],
  hyundai: ['Hyundai', 'masculine'],
  renault: ['Renault', 'neuter'],
  ford: ['Ford', 'masculine'],
  volkswagen: ['Volkswagen', 'masculine'],
  opel: ['Opel', 'masculine'],
  mercedes: ['Mercedes', 'masculine'],
  chevrolet: ['Chevrolet', 'masculine'],
  peugeot: ['Peugeot', 'masculine'],
  citroen: ['Citroën', 'masculine'],
  subaru: ['Subaru', 'neuter'],
  suzuki: ['Suzuki', 'neuter'],
  mitsubishi: ['Mitsubishi', 'neuter'],
  lexus: ['Lexus', 'masculine'],
  infiniti: ['Infiniti', 'neuter'],
  geely: ['Geely', 'neuter'],
  chery: ['Chery', 'neuter'],
  haval: ['Haval', 'masculine'],
  daewoo: ['Daewoo', 'neuter'],
  ravon: ['Ravon', 'masculine'],
  fiat: ['Fiat', 'masculine'],
  seat: ['Seat', 'masculine'],
  volvo: ['Volvo', 'neuter'],
  porsche: ['Porsche', 'neuter'],
  tesla: ['Tesla', 'feminine'],
  dacia: ['Dacia', 'feminine'],
  zaz: ['ZAZ', 'masculine'],
  gazelle: ['Gazela', 'feminine'],
  landRover: ['Land Rover', 'masculine'],
  jeep: ['Jeep', 'masculine'],
  ssangYong: ['SsangYong', 'masculine'],
  byd: ['BYD', 'neuter'],
  moskvich: ['Moskwicz', 'masculine'],
  camry: ['Camry', 'feminine'],
  corolla: ['Corolla', 'feminine'],
  prius: ['Prius', 'masculine'],
  logan: ['Logan', 'masculine'],
  sandero: ['Sandero', 'neuter'],
  megane: ['Megane', 'neuter'],
  octavia: ['Octavia', 'feminine'],
  rapid: ['Rapid', 'masculine'],
  superb: ['Superb', 'masculine'],
  solaris: ['Solaris', 'masculine'],
  accent: ['Accent', 'masculine'],
  elantra: ['Elantra', 'feminine'],
  sonata: ['Sonata', 'feminine'],
  rio: ['Rio', 'neuter'],
  focus: ['Focus', 'masculine'],
  polo: ['Polo', 'neuter'],
  passat: ['Passat', 'masculine'],
  lanos: ['Lanos', 'masculine'],
  nexia: ['Nexia', 'feminine'],
  sens: ['Sens', 'masculine'],
  aveo: ['Aveo', 'neuter'],
  lacetti: ['Lacetti', 'neuter'],
  lancer: ['Lancer', 'masculine'],
  priora: ['Priora', 'feminine'],
  granta: ['Granta', 'feminine'],
  vesta: ['Vesta', 'feminine'],
  kalina: ['Kalina', 'feminine'],
  largus: ['Largus', 'masculine'],
  leaf: ['Leaf', 'masculine'],
  astra: ['Astra', 'feminine'],
}

export const pl: Grammar = {
  ...counting(nouns),
  when,
  on,
  at,
  money: moneyReader('pl', { count: countOf }),
  plate: plateReader({
    latin: letterNames(
      'A a, B be, C ce, D de, E e, F ef, G gie, H ha, I i, J jot, K ka, L el, M em, N en, O o, P pe, Q ku, R er, ' +
        'S es, T te, U u, V fał, W wu, X iks, Y igrek, Z zet',
    ),
    digits: 'singly',
    number,
  }),
  car: (text: CarText) => describeCar(text, { colour, names, car: ['samochód', 'masculine'] }),
}
