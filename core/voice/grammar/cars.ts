/**
 * Staff type colours and makes as they like: «бел.», «БЕЛАЯ», „biały”, “white”, «т-синий металлик». What is
 * known is recognised whatever language it was typed in; unknown words are skipped rather than mangled.
 */
import type { Gender } from './numbers.ts'

/** How a car was typed by staff. */
export interface CarText {
  colour?: string
  make?: string
}

/** Beginnings of the words for each colour, in all languages, without accents. */
const colourStems = {
  white: 'бел біл bial white',
  black: 'черн чер чорн czarn black',
  grey: 'сер сір szar grey gray асфальт',
  silver: 'сереб срібл срібн srebr silver',
  red: 'красн червон czerwon red',
  cherry: 'вишн wisn cherry',
  burgundy: 'бордо bordo burgund maroon',
  blue: 'син niebiesk blue',
  navy: 'granat navy',
  lightBlue: 'голуб блакит blekit',
  green: 'зелен zielon green',
  yellow: 'желт жовт zolt yellow',
  orange: 'оранж помаран pomaran orange',
  brown: 'коричн braz brown шокол',
  beige: 'беж bezow beige',
  gold: 'золот zlot gold',
  violet: 'фиолет фіолет fiolet violet purple',
  pink: 'розов рожев rozow pink',
  turquoise: 'бирюз бірюз turkus turquoise',
}
export type Colour = keyof typeof colourStems
export type Shade = 'dark' | 'light'

const shadeStems = { dark: 'темн dark ciemn', light: 'светл світл jasn light' }
const shadeAbbreviations = new Map<string, Shade>([
  ['т', 'dark'],
  ['тем', 'dark'],
  ['св', 'light'],
])

/** Other spellings of each make and model; two words are written together. */
const nameSpellings = {
  toyota: 'toyota тойота таета тоета',
  lada: 'lada лада ваз vaz жигули жигулі',
  honda: 'honda хонда',
  skoda: 'skoda шкода',
  mazda: 'mazda мазда',
  kia: 'kia киа кия кіа',
  bmw: 'bmw бмв',
  audi: 'audi ауди ауді',
  nissan: 'nissan ниссан нисан ніссан нісан',
  hyundai: 'hyundai hundai hyundaj хендай хендэ хюндай хундай хьондай хендэй хюндаі',
  renault: 'renault reno рено',
  ford: 'ford форд',
  volkswagen: 'volkswagen vw фольксваген фольцваген фольц volkswagon',
  opel: 'opel опель',
  mercedes: 'mercedes мерседес мерс mercedesbenz мерседесбенц',
  chevrolet: 'chevrolet шевроле chevrole',
  peugeot: 'peugeot пежо',
  citroen: 'citroen ситроен сітроен',
  subaru: 'subaru субару',
  suzuki: 'suzuki сузуки сузукі',
  mitsubishi: 'mitsubishi митсубиси мицубиси мицубиши митсубиши міцубісі мітсубісі',
  lexus: 'lexus лексус',
  infiniti: 'infiniti инфинити інфініті',
  geely: 'geely джили джилі',
  chery: 'chery чери чері',
  haval: 'haval хавал хавейл',
  daewoo: 'daewoo дэу деу',
  ravon: 'ravon равон',
  fiat: 'fiat фиат фіат',
  seat: 'seat сеат',
  volvo: 'volvo вольво',
  porsche: 'porsche порше',
  tesla: 'tesla тесла',
  dacia: 'dacia дачия дачія дачиа',
  zaz: 'zaz заз',
  gazelle: 'gazelle газель gazel',
  landRover: 'landrover лендровер ландровер',
  jeep: 'jeep джип',
  ssangYong: 'ssangyong ссангенг санген саненг ссангйонг',
  byd: 'byd бид',
  moskvich: 'москвич moskvich москвіч',
  camry: 'camry камри камрі',
  corolla: 'corolla королла корола',
  prius: 'prius приус пріус',
  logan: 'logan логан',
  sandero: 'sandero сандеро',
  megane: 'megane меган',
  octavia: 'octavia октавия октавія',
  rapid: 'rapid рапид рапід',
  superb: 'superb суперб',
  solaris: 'solaris солярис соляріс',
  accent: 'accent акцент',
  elantra: 'elantra элантра елантра',
  sonata: 'sonata соната',
  rio: 'rio рио ріо',
  focus: 'focus фокус',
  polo: 'polo поло',
  passat: 'passat пассат пасат',
  lanos: 'lanos ланос',
  nexia: 'nexia нексия нексія',
  sens: 'sens сенс',
  aveo: 'aveo авео',
  lacetti: 'lacetti лачетти лачетті лацетті',
  lancer: 'lancer лансер',
  priora: 'priora приора пріора',
  granta: 'granta гранта',
  vesta: 'vesta веста',
  kalina: 'kalina калина',
  largus: 'largus ларгус',
  leaf: 'leaf лиф ліф',
  astra: 'astra астра',
}
export type CarName = keyof typeof nameSpellings

const colours = toTable<Colour>(colourStems)
const shades = toTable<Shade>(shadeStems)
const names = new Map(toTable<CarName>(nameSpellings))

/** The colour somebody meant, or `undefined`. */
export function toColour(text: string | undefined): { colour: Colour; shade?: Shade } | undefined {
  let shade: Shade | undefined
  for (const word of wordsOf(text)) {
    const isShade = shadeAbbreviations.get(word) ?? longestStem(word, shades)
    shade ??= isShade
    const colour = colourOf(isShade ? withoutShade(word) : word)
    if (colour) return shaded(colour, shade)
  }
  return undefined
}

/** Some shades have a word of their own. */
function shaded(colour: Colour, shade: Shade | undefined): { colour: Colour; shade?: Shade } {
  if (colour === 'blue' && shade === 'light') return { colour: 'lightBlue' }
  if (colour === 'blue' && shade === 'dark') return { colour: 'navy' }
  return shade === undefined || colour === 'navy' ? { colour } : { colour, shade }
}

/** Makes and models that were recognised, in the order they were typed, each once. */
export function toCarNames(text: string | undefined): CarName[] {
  const words = wordsOf(text)
  const found: CarName[] = []
  for (let at = 0; at < words.length; at++) {
    const together = names.get(`${words[at]}${words[at + 1] ?? ''}`)
    const name = together ?? names.get(words[at] ?? '')
    if (name && !found.includes(name)) found.push(name)
    if (together && !names.has(words[at] ?? '')) at++
  }
  return found
}

/** A colour and a name as one phrase; the colour takes the gender of the name. */
export function describeCar(
  text: CarText,
  words: {
    colour(colour: Colour, gender: Gender, shade?: Shade): string
    names: Record<CarName, readonly [spoken: string, gender: Gender]>
    car: readonly [spoken: string, gender: Gender]
  },
): string | undefined {
  const names = toCarNames(text.make)
  const colour = toColour(text.colour)
  if (!colour && names.length === 0) return undefined

  const spoken = names.map((name) => words.names[name][0])
  const gender = names[0] ? words.names[names[0]][1] : words.car[1]
  if (colour) spoken.unshift(words.colour(colour.colour, gender, colour.shade))
  if (names.length === 0) spoken.push(words.car[0])
  return spoken.join(' ')
}

function colourOf(word: string): Colour | undefined {
  return longestStem(word, colours) ?? abbreviated(word, colours)
}

function withoutShade(word: string): string {
  const stem = shades.map(([each]) => each).find((each) => word.startsWith(each)) ?? ''
  return word.slice(stem.length).replace(/^[оo]/, '')
}

function longestStem<Name>(word: string, table: readonly (readonly [string, Name])[]): Name | undefined {
  const fitting = table.filter(([stem]) => word.startsWith(stem))
  return fitting.toSorted(([one], [other]) => other.length - one.length)[0]?.[1]
}

/** «чер» can only be «черн…»; what could be two colours is none. */
function abbreviated<Name>(word: string, table: readonly (readonly [string, Name])[]): Name | undefined {
  if (word.length < 3) return undefined
  const possible = new Set(table.filter(([stem]) => stem.startsWith(word)).map(([, name]) => name))
  return possible.size === 1 ? [...possible][0] : undefined
}

function wordsOf(text: string | undefined): string[] {
  return bare(text ?? '').match(/\p{L}+/gu) ?? []
}

/** Lower case without accents, so that «ё», „ó” and «й» are typed either way. */
function bare(text: string): string {
  return text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '').replaceAll('ł', 'l')
}

function toTable<Name extends string>(spellings: Record<Name, string>): (readonly [string, Name])[] {
  const entries = Object.entries(spellings) as [Name, string][]
  return entries.flatMap(([name, list]) => list.split(' ').map((spelling) => [bare(spelling), name] as const))
}
