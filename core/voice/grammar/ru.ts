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
  language: 'ru',
  words: [
    [0, 'ноль', 'ноля'],
    [3, 'три', 'трёх'],
    [4, 'четыре', 'четырёх'],
    [5, 'пять', 'пяти'],
    [6, 'шесть', 'шести'],
    [7, 'семь', 'семи'],
    [8, 'восемь', 'восьми'],
    [9, 'девять', 'девяти'],
    [10, 'десять', 'десяти'],
    [11, 'одиннадцать', 'одиннадцати'],
    [12, 'двенадцать', 'двенадцати'],
    [13, 'тринадцать', 'тринадцати'],
    [14, 'четырнадцать', 'четырнадцати'],
    [15, 'пятнадцать', 'пятнадцати'],
    [16, 'шестнадцать', 'шестнадцати'],
    [17, 'семнадцать', 'семнадцати'],
    [18, 'восемнадцать', 'восемнадцати'],
    [19, 'девятнадцать', 'девятнадцати'],
    [20, 'двадцать', 'двадцати'],
    [30, 'тридцать', 'тридцати'],
    [40, 'сорок', 'сорока'],
    [50, 'пятьдесят', 'пятидесяти'],
    [60, 'шестьдесят', 'шестидесяти'],
    [70, 'семьдесят', 'семидесяти'],
    [80, 'восемьдесят', 'восьмидесяти'],
    [90, 'девяносто', 'девяноста'],
    [100, 'сто', 'ста'],
    [200, 'двести', 'двухсот'],
    [300, 'триста', 'трёхсот'],
    [400, 'четыреста', 'четырёхсот'],
    [500, 'пятьсот', 'пятисот'],
    [600, 'шестьсот', 'шестисот'],
    [700, 'семьсот', 'семисот'],
    [800, 'восемьсот', 'восьмисот'],
    [900, 'девятьсот', 'девятисот'],
  ],
  one: { nominative: 'один одна одно', accusative: 'один одну одно', genitive: 'одного одной одного' },
  two: { nominative: 'два две два', genitive: 'двух' },
  thousand: noun('feminine', 'тысяча тысячи тысяч', 'тысячу тысячи тысяч', 'тысячи тысяч тысяч'),
  million: noun(
    'masculine',
    'миллион миллиона миллионов',
    'миллион миллиона миллионов',
    'миллиона миллионов миллионов',
  ),
})

const nouns = {
  minute: noun('feminine', 'минута минуты минут', 'минуту минуты минут', 'минуты минут минут'),
  hour: noun('masculine', 'час часа часов', 'час часа часов', 'часа часов часов'),
}

const dateNames = ordinals(
  'нулевое первое второе третье четвёртое пятое шестое седьмое восьмое девятое десятое одиннадцатое двенадцатое ' +
    'тринадцатое четырнадцатое пятнадцатое шестнадцатое семнадцатое восемнадцатое девятнадцатое двадцатое тридцатое',
  { 20: 'двадцать', 30: 'тридцать' },
)
const { count, ...counted } = counting(nouns)

function when({ day, hour, minute }: DayTime): string {
  const named = { today: 'сегодня', tomorrow: 'завтра' }
  const date = typeof day === 'string' ? named[day] : `${dateNames(day.date)} ${monthOfDate(day, 'ru')}`
  const minutes = minute === 0 ? '' : ` ${count(minute, 'minute', 'accusative')}`
  return `на ${date}, на ${count(hour, 'hour', 'accusative')}${minutes}`
}

function on(day: PastDay): string {
  if (typeof day === 'string') return { today: 'сегодня', yesterday: 'вчера' }[day]
  return `${dateNames(day.date).replace(/ое$/, 'ого').replace(/ье$/, 'ьего')} ${monthOfDate(day, 'ru')}`
}

function at({ hour, minute }: { hour: number; minute: number }): string {
  const minutes = minute === 0 ? '' : ` ${count(minute, 'minute', 'accusative')}`
  return `в ${count(hour, 'hour', 'accusative')}${minutes}`
}

const colours: Record<Colour, string> = {
  white: 'белый',
  black: 'чёрный',
  grey: 'серый',
  silver: 'серебристый',
  red: 'красный',
  cherry: 'вишнёвый',
  burgundy: 'бордовый',
  blue: 'синий',
  navy: 'тёмно-синий',
  lightBlue: 'голубой',
  green: 'зелёный',
  yellow: 'жёлтый',
  orange: 'оранжевый',
  brown: 'коричневый',
  beige: 'бежевый',
  gold: 'золотистый',
  violet: 'фиолетовый',
  pink: 'розовый',
  turquoise: 'бирюзовый',
}
const shades: Record<Shade, string> = { dark: 'тёмно-', light: 'светло-' }

function colour(name: Colour, gender: Gender, shade?: Shade): string {
  const masculine = colours[name]
  const stem = masculine.slice(0, -2)
  const isSoft = masculine.endsWith('ий')
  const ending = {
    masculine: masculine.slice(-2),
    feminine: isSoft ? 'яя' : 'ая',
    neuter: isSoft ? 'ее' : 'ое',
  }
  return `${shade ? shades[shade] : ''}${stem}${ending[gender]}`
}

const names: Record<CarName, readonly [string, Gender]> = {
  toyota: ['Тойота', 'feminine'],
  lada: ['Лада', 'feminine'],
  honda: ['Хонда', 'feminine'],
  skoda: ['Шкода', 'feminine'],
  mazda: ['Мазда', 'feminine'],
  kia: ['Киа', 'feminine'],
  bmw: ['бэ-эм-вэ', 'feminine'],
  audi: ['Ауди', 'feminine'],
  nissan: ['Ниссан', 'masculine'],
  hyundai: ['Хёндай', 'masculine'],
  renault: ['Рено', 'masculine'],
  ford: ['Форд', 'masculine'],
  volkswagen: ['Фольксваген', 'masculine'],
  opel: ['Опель', 'masculine'],
  mercedes: ['Мерседес', 'masculine'],
  chevrolet: ['Шевроле', 'masculine'],
  peugeot: ['Пежо', 'masculine'],
  citroen: ['Ситроен', 'masculine'],
  subaru: ['Субару', 'feminine'],
  suzuki: ['Сузуки', 'feminine'],
  mitsubishi: ['Мицубиси', 'feminine'],
  lexus: ['Лексус', 'masculine'],
  infiniti: ['Инфинити', 'feminine'],
  geely: ['Джили', 'feminine'],
  chery: ['Чери', 'feminine'],
  haval: ['Хавэйл', 'masculine'],
  daewoo: ['Дэу', 'feminine'],
  ravon: ['Равон', 'masculine'],
  fiat: ['Фиат', 'masculine'],
  seat: ['Сеат', 'masculine'],
  volvo: ['Вольво', 'feminine'],
  porsche: ['Порше', 'masculine'],
  tesla: ['Тесла', 'feminine'],
  dacia: ['Дачия', 'feminine'],
  zaz: ['ЗАЗ', 'masculine'],
  gazelle: ['Газель', 'feminine'],
  landRover: ['Лендровер', 'masculine'],
  jeep: ['Джип', 'masculine'],
  ssangYong: ['Санг Йонг', 'masculine'],
  byd: ['Би-вай-ди', 'feminine'],
  moskvich: ['Москвич', 'masculine'],
  camry: ['Камри', 'feminine'],
  corolla: ['Королла', 'feminine'],
  prius: ['Приус', 'masculine'],
  logan: ['Логан', 'masculine'],
  sandero: ['Сандеро', 'masculine'],
  megane: ['Меган', 'masculine'],
  octavia: ['Октавия', 'feminine'],
  rapid: ['Рапид', 'masculine'],
  superb: ['Суперб', 'masculine'],
  solaris: ['Солярис', 'masculine'],
  accent: ['Акцент', 'masculine'],
  elantra: ['Элантра', 'feminine'],
  sonata: ['Соната', 'feminine'],
  rio: ['Рио', 'masculine'],
  focus: ['Фокус', 'masculine'],
  polo: ['Поло', 'masculine'],
  passat: ['Пассат', 'masculine'],
  lanos: ['Ланос', 'masculine'],
  nexia: ['Нексия', 'feminine'],
  sens: ['Сенс', 'masculine'],
  aveo: ['Авео', 'masculine'],
  lacetti: ['Лачетти', 'feminine'],
  lancer: ['Лансер', 'masculine'],
  priora: ['Приора', 'feminine'],
  granta: ['Гранта', 'feminine'],
  vesta: ['Веста', 'feminine'],
  kalina: ['Калина', 'feminine'],
  largus: ['Ларгус', 'masculine'],
  leaf: ['Лиф', 'masculine'],
  astra: ['Астра', 'feminine'],
}

export const ru: Grammar = {
  ...counted,
  count,
  when,
  on,
  at,
  money: moneyReader('ru', { count: countOf }),
  plate: plateReader({
    cyrillic: letterNames(
      'А а, Б бэ, В вэ, Г гэ, Ґ гэ, Д дэ, Е е, Ё ё, Є е, Ж жэ, З зэ, И и, І и, Ї и, Й и краткое, К ка, Л эль, М эм, ' +
        'Н эн, О о, П пэ, Р эр, С эс, Т тэ, У у, Ф эф, Х ха, Ц цэ, Ч че, Ш ша, Щ ща, Ы ы, Э э, Ю ю, Я я',
    ),
    latin: letterNames(
      'A а, B бэ, C цэ, D дэ, E е, F эф, G гэ, H аш, I и, J йот, K ка, L эль, M эм, N эн, O о, P пэ, Q ку, R эр, ' +
        'S эс, T тэ, U у, V вэ, W дубль-вэ, X икс, Y игрек, Z зет',
    ),
    digits: 'in pairs',
    number,
  }),
  car: (text: CarText) => describeCar(text, { colour, names, car: ['машина', 'feminine'] }),
}
