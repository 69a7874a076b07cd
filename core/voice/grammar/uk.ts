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
  language: 'uk',
  words: [
    [0, 'нуль', 'нуля'],
    [3, 'три', 'трьох'],
    [4, 'чотири', 'чотирьох'],
    [5, 'п’ять', 'п’яти'],
    [6, 'шість', 'шести'],
    [7, 'сім', 'семи'],
    [8, 'вісім', 'восьми'],
    [9, 'дев’ять', 'дев’яти'],
    [10, 'десять', 'десяти'],
    [11, 'одинадцять', 'одинадцяти'],
    [12, 'дванадцять', 'дванадцяти'],
    [13, 'тринадцять', 'тринадцяти'],
    [14, 'чотирнадцять', 'чотирнадцяти'],
    [15, 'п’ятнадцять', 'п’ятнадцяти'],
    [16, 'шістнадцять', 'шістнадцяти'],
    [17, 'сімнадцять', 'сімнадцяти'],
    [18, 'вісімнадцять', 'вісімнадцяти'],
    [19, 'дев’ятнадцять', 'дев’ятнадцяти'],
    [20, 'двадцять', 'двадцяти'],
    [30, 'тридцять', 'тридцяти'],
    [40, 'сорок', 'сорока'],
    [50, 'п’ятдесят', 'п’ятдесяти'],
    [60, 'шістдесят', 'шістдесяти'],
    [70, 'сімдесят', 'сімдесяти'],
    [80, 'вісімдесят', 'вісімдесяти'],
    [90, 'дев’яносто', 'дев’яноста'],
    [100, 'сто', 'ста'],
    [200, 'двісті', 'двохсот'],
    [300, 'триста', 'трьохсот'],
    [400, 'чотириста', 'чотирьохсот'],
    [500, 'п’ятсот', 'п’ятисот'],
    [600, 'шістсот', 'шестисот'],
    [700, 'сімсот', 'семисот'],
    [800, 'вісімсот', 'восьмисот'],
    [900, 'дев’ятсот', 'дев’ятисот'],
  ],
  one: { nominative: 'один одна одне', accusative: 'один одну одне', genitive: 'одного однієї одного' },
  two: { nominative: 'два дві два', genitive: 'двох' },
  thousand: noun('feminine', 'тисяча тисячі тисяч', 'тисячу тисячі тисяч', 'тисячі тисяч тисяч'),
  million: noun(
    'masculine',
    'мільйон мільйони мільйонів',
    'мільйон мільйони мільйонів',
    'мільйона мільйонів мільйонів',
  ),
})

const nouns = {
  minute: noun('feminine', 'хвилина хвилини хвилин', 'хвилину хвилини хвилин', 'хвилини хвилин хвилин'),
  hour: noun('feminine', 'година години годин', 'годину години годин', 'години годин годин'),
}

const dateNames = ordinals(
  'нульове перше друге третє четверте п’яте шосте сьоме восьме дев’яте десяте одинадцяте дванадцяте тринадцяте ' +
    'чотирнадцяте п’ятнадцяте шістнадцяте сімнадцяте вісімнадцяте дев’ятнадцяте двадцяте тридцяте',
  { 20: 'двадцять', 30: 'тридцять' },
)
/** «третє» of a date is «третю» of an hour. */
const hourName = (hour: number) => dateNames(hour).replace(/е$/, 'у').replace(/є$/, 'ю')
const { count, ...counted } = counting(nouns)

function when({ day, hour, minute }: DayTime): string {
  const named = { today: 'сьогодні', tomorrow: 'завтра' }
  const date = typeof day === 'string' ? named[day] : `${dateNames(day.date)} ${monthOfDate(day, 'uk')}`
  const minutes = minute === 0 ? '' : ` ${count(minute, 'minute', 'accusative')}`
  return `на ${date}, на ${hourName(hour)} годину${minutes}`
}

function on(day: PastDay): string {
  if (typeof day === 'string') return { today: 'сьогодні', yesterday: 'учора' }[day]
  return `${dateNames(day.date).replace(/е$/, 'ого').replace(/є$/, 'ього')} ${monthOfDate(day, 'uk')}`
}

function at({ hour, minute }: { hour: number; minute: number }): string {
  const name = dateNames(hour).replace(/[еє]$/, 'ій')
  const minutes = minute === 0 ? '' : ` ${count(minute, 'minute', 'accusative')}`
  return `${/^[аеиіоу]/.test(name) ? 'об' : 'о'} ${name} годині${minutes}`
}

const colours: Record<Colour, string> = {
  white: 'білий',
  black: 'чорний',
  grey: 'сірий',
  silver: 'сріблястий',
  red: 'червоний',
  cherry: 'вишневий',
  burgundy: 'бордовий',
  blue: 'синій',
  navy: 'темно-синій',
  lightBlue: 'блакитний',
  green: 'зелений',
  yellow: 'жовтий',
  orange: 'помаранчевий',
  brown: 'коричневий',
  beige: 'бежевий',
  gold: 'золотистий',
  violet: 'фіолетовий',
  pink: 'рожевий',
  turquoise: 'бірюзовий',
}
const shades: Record<Shade, string> = { dark: 'темно-', light: 'світло-' }

function colour(name: Colour, gender: Gender, shade?: Shade): string {
  const masculine = colours[name]
  const stem = masculine.slice(0, -2)
  const isSoft = masculine.endsWith('ій')
  const ending = { masculine: masculine.slice(-2), feminine: isSoft ? 'я' : 'а', neuter: isSoft ? 'є' : 'е' }
  return `${shade ? shades[shade] : ''}${stem}${ending[gender]}`
}

const names: Record<CarName, readonly [string, Gender]> = {
  toyota: ['Тойота', 'feminine'],
  lada: ['Лада', 'feminine'],
  honda: ['Хонда', 'feminine'],
  skoda: ['Шкода', 'feminine'],
  mazda: ['Мазда', 'feminine'],
  kia: ['Кіа', 'feminine'],
  bmw: ['бе-ем-ве', 'feminine'],
  audi: ['Ауді', 'feminine'],
  nissan: ['Ніссан', 'masculine'],
  hyundai: ['Хюндай', 'masculine'],
  renault: ['Рено', 'masculine'],
  ford: ['Форд', 'masculine'],
  volkswagen: ['Фольксваген', 'masculine'],
  opel: ['Опель', 'masculine'],
  mercedes: ['Мерседес', 'masculine'],
  chevrolet: ['Шевроле', 'masculine'],
  peugeot: ['Пежо', 'masculine'],
  citroen: ['Сітроен', 'masculine'],
  subaru: ['Субару', 'feminine'],
  suzuki: ['Сузукі', 'feminine'],
  mitsubishi: ['Міцубісі', 'feminine'],
  lexus: ['Лексус', 'masculine'],
  infiniti: ['Інфініті', 'feminine'],
  geely: ['Джилі', 'feminine'],
  chery: ['Чері', 'feminine'],
  haval: ['Хавейл', 'masculine'],
  daewoo: ['Деу', 'feminine'],
  ravon: ['Равон', 'masculine'],
  fiat: ['Фіат', 'masculine'],
  seat: ['Сеат', 'masculine'],
  volvo: ['Вольво', 'feminine'],
  porsche: ['Порше', 'masculine'],
  tesla: ['Тесла', 'feminine'],
  dacia: ['Дачія', 'feminine'],
  zaz: ['ЗАЗ', 'masculine'],
  gazelle: ['Газель', 'feminine'],
  landRover: ['Ленд Ровер', 'masculine'],
  jeep: ['Джип', 'masculine'],
  ssangYong: ['Санг Йонг', 'masculine'],
  byd: ['Бі-вай-ді', 'feminine'],
  moskvich: ['Москвич', 'masculine'],
  camry: ['Камрі', 'feminine'],
  corolla: ['Королла', 'feminine'],
  prius: ['Пріус', 'masculine'],
  logan: ['Логан', 'masculine'],
  sandero: ['Сандеро', 'masculine'],
  megane: ['Меган', 'masculine'],
  octavia: ['Октавія', 'feminine'],
  rapid: ['Рапід', 'masculine'],
  superb: ['Суперб', 'masculine'],
  solaris: ['Соляріс', 'masculine'],
  accent: ['Акцент', 'masculine'],
  elantra: ['Елантра', 'feminine'],
  sonata: ['Соната', 'feminine'],
  rio: ['Ріо', 'masculine'],
  focus: ['Фокус', 'masculine'],
  polo: ['Поло', 'masculine'],
  passat: ['Пассат', 'masculine'],
  lanos: ['Ланос', 'masculine'],
  nexia: ['Нексія', 'feminine'],
  sens: ['Сенс', 'masculine'],
  aveo: ['Авео', 'masculine'],
  lacetti: ['Лачетті', 'feminine'],
  lancer: ['Лансер', 'masculine'],
  priora: ['Пріора', 'feminine'],
  granta: ['Гранта', 'feminine'],
  vesta: ['Веста', 'feminine'],
  kalina: ['Калина', 'feminine'],
  largus: ['Ларгус', 'masculine'],
  leaf: ['Ліф', 'masculine'],
  astra: ['Астра', 'feminine'],
}

export const uk: Grammar = {
  ...counted,
  count,
  when,
  on,
  at,
  money: moneyReader('uk', { count: countOf }),
  plate: plateReader({
    cyrillic: letterNames(
      'А а, Б бе, В ве, Г ге, Ґ ґе, Д де, Е е, Ё йо, Є є, Ж же, З зе, И и, І і, Ї ї, Й йот, К ка, Л ел, М ем, Н ен, ' +
        'О о, П пе, Р ер, С ес, Т те, У у, Ф еф, Х ха, Ц це, Ч че, Ш ша, Щ ща, Ы и, Э е, Ю ю, Я я',
    ),
    latin: letterNames(
      'A а, B бе, C це, D де, E е, F еф, G ґе, H аш, I і, J йот, K ка, L ел, M ем, N ен, O о, P пе, Q ку, R ер, ' +
        'S ес, T те, U у, V ве, W дубль-ве, X ікс, Y ігрек, Z зет',
    ),
    digits: 'in pairs',
    number,
  }),
  car: (text: CarText) => describeCar(text, { colour, names, car: ['машина', 'feminine'] }),
}
