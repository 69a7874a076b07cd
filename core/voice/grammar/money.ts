/** Sums of money in words: «сто двадцать одна гривна пятьдесят копеек». Whose debt it is, the sentence says. */
import { type Gender, type Noun, noun } from './numbers.ts'

export const currencies = ['UAH', 'RUB', 'BYN', 'KZT', 'UZS', 'PLN', 'EUR', 'USD', 'GBP'] as const
export type Currency = (typeof currencies)[number]

interface Coins {
  whole: Noun
  /** Hundredths; absent where nobody pays with them any more. */
  part?: Noun
}

/** Each coin as `gender one few many`, the whole before its hundredth. */
const names = {
  ru: {
    UAH: ['feminine гривна гривны гривен', 'feminine копейка копейки копеек'],
    RUB: ['masculine рубль рубля рублей', 'feminine копейка копейки копеек'],
    BYN: ['masculine рубль рубля рублей', 'feminine копейка копейки копеек'],
    KZT: ['masculine тенге'],
    UZS: ['masculine сум сума сумов'],
    PLN: ['masculine злотый злотых злотых', 'masculine грош гроша грошей'],
    EUR: ['masculine евро', 'masculine цент цента центов'],
    USD: ['masculine доллар доллара долларов', 'masculine цент цента центов'],
    GBP: ['masculine фунт фунта фунтов', 'masculine пенс пенса пенсов'],
  },
  uk: {
    UAH: ['feminine гривня гривні гривень', 'feminine копійка копійки копійок'],
    RUB: ['masculine рубль рублі рублів', 'feminine копійка копійки копійок'],
    BYN: ['masculine рубль рублі рублів', 'feminine копійка копійки копійок'],
    KZT: ['masculine тенге'],
    UZS: ['masculine сум суми сумів'],
    PLN: ['masculine злотий злоті злотих', 'masculine грош гроші грошів'],
    EUR: ['masculine євро', 'masculine цент центи центів'],
    USD: ['masculine долар долари доларів', 'masculine цент центи центів'],
    GBP: ['masculine фунт фунти фунтів', 'masculine пенс пенси пенсів'],
  },
  pl: {
    UAH: ['feminine hrywna hrywny hrywien', 'feminine kopiejka kopiejki kopiejek'],
    RUB: ['masculine rubel ruble rubli', 'feminine kopiejka kopiejki kopiejek'],
    BYN: ['masculine rubel ruble rubli', 'feminine kopiejka kopiejki kopiejek'],
    KZT: ['neuter tenge'],
    UZS: ['masculine sum sumy sumów'],
    PLN: ['masculine złoty złote złotych', 'masculine grosz grosze groszy'],
    EUR: ['neuter euro', 'masculine cent centy centów'],
    USD: ['masculine dolar dolary dolarów', 'masculine cent centy centów'],
    GBP: ['masculine funt funty funtów', 'masculine pens pensy pensów'],
  },
  en: {
    UAH: ['neuter hryvnia hryvnias', 'neuter kopiyka kopiykas'],
    RUB: ['neuter rouble roubles', 'neuter kopeck kopecks'],
    BYN: ['neuter rouble roubles', 'neuter kopeck kopecks'],
    KZT: ['neuter tenge'],
    UZS: ['neuter soum soums'],
    PLN: ['neuter zloty zlotys', 'neuter grosz groszy'],
    EUR: ['neuter euro euros', 'neuter cent cents'],
    USD: ['neuter dollar dollars', 'neuter cent cents'],
    GBP: ['neuter pound pounds', 'neuter penny pence'],
  },
} as const satisfies Record<string, Record<Currency, readonly [whole: string, part?: string]>>

const largest = 999_999_999

export function isSayable(sum: number): boolean {
  return Math.abs(sum) <= largest
}

/** Makes the reader of one language; the sign of a sum is not said. */
export function moneyReader(
  language: keyof typeof names,
  { count, between = ' ' }: { count(value: number, noun: Noun): string; between?: string },
) {
  const coins = Object.fromEntries(
    Object.entries(names[language]).map(([code, [whole, part]]) => [
      code,
      { whole: toNoun(whole), ...(part !== undefined && { part: toNoun(part) }) },
    ]),
  ) as Record<Currency, Coins>

  return (sum: number, currency: Currency): string => {
    const { whole, part } = coins[currency]
    const positive = Math.abs(sum)
    if (!part) return count(Math.round(positive), whole)
    const hundredths = Math.round(positive * 100)
    const rest = hundredths % 100
    const full = (hundredths - rest) / 100
    if (rest === 0) return count(full, whole)
    return full === 0 ? count(rest, part) : count(full, whole) + between + count(rest, part)
  }
}

function toNoun(written: string): Noun {
  const [gender = '', ...forms] = written.split(' ')
  // A sum is named, never given to anybody or taken away: its other cases are not used.
  const nominative = forms.join(' ')
  return noun(gender as Gender, nominative, nominative, nominative)
}
