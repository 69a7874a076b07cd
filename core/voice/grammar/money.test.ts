import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Language, languages } from '../../schema.ts'
import { grammars } from './grammar.ts'
import { type Currency, currencies } from './money.ts'

/** The forms that CLDR names, written apart from the table under test. */
const coins: Record<Language, Partial<Record<Currency, [whole: string, part: string]>>> = {
  ru: {
    UAH: ['гривна гривны гривен', 'копейка копейки копеек'],
    USD: ['доллар доллара долларов', 'цент цента центов'],
  },
  uk: {
    UAH: ['гривня гривні гривень', 'копійка копійки копійок'],
    USD: ['долар долари доларів', 'цент центи центів'],
  },
  pl: {
    PLN: ['złoty złote złotych', 'grosz grosze groszy'],
    RUB: ['rubel ruble rubli', 'kopiejka kopiejki kopiejek'],
  },
  en: {
    USD: ['dollar dollars dollars', 'cent cents cents'],
    GBP: ['pound pounds pounds', 'penny pence pence'],
  },
}

for (const language of languages) {
  const rules = new Intl.PluralRules(language)
  const formOf = (forms: string, value: number) => {
    const [one, few, many] = forms.split(' ')
    const plural = rules.select(value)
    return plural === 'one' ? one : plural === 'few' ? few : many
  }

  test(`every coin stands in the form that CLDR asks for in ${language}`, () => {
    for (const [currency, [whole, part]] of Object.entries(coins[language])) {
      const { money } = grammars[language]
      for (let value = 0; value <= 1_200; value += 1) {
        assert.equal(
          money(value, currency as Currency)
            .split(' ')
            .at(-1),
          formOf(whole, value),
        )
      }
      for (let value = 1; value <= 99; value += 1) {
        assert.equal(
          money(value / 100, currency as Currency)
            .split(' ')
            .at(-1),
          formOf(part, value),
        )
      }
    }
  })
}

for (const [language, sum, currency, said] of [
  ['ru', 0, 'RUB', 'ноль рублей'],
  ['ru', 1, 'RUB', 'один рубль'],
  ['ru', 2, 'UAH', 'две гривны'],
  ['ru', 21.01, 'UAH', 'двадцать одна гривна одна копейка'],
  ['ru', 112.12, 'RUB', 'сто двенадцать рублей двенадцать копеек'],
  ['ru', 1_002.42, 'RUB', 'тысяча два рубля сорок две копейки'],
  ['ru', 0.5, 'RUB', 'пятьдесят копеек'],
  ['ru', -340, 'RUB', 'триста сорок рублей'],
  ['ru', 15_400.6, 'KZT', 'пятнадцать тысяч четыреста один тенге'],
  ['ru', 3, 'PLN', 'три злотых'],
  ['ru', 1, 'EUR', 'один евро'],
  ['ru', 22_000, 'UZS', 'двадцать две тысячи сумов'],
  ['uk', 1, 'UAH', 'одна гривня'],
  ['uk', 2.02, 'UAH', 'дві гривні дві копійки'],
  ['uk', 5, 'UAH', 'п’ять гривень'],
  ['uk', 11.11, 'UAH', 'одинадцять гривень одинадцять копійок'],
  ['uk', 1_251.5, 'UAH', 'тисяча двісті п’ятдесят одна гривня п’ятдесят копійок'],
  ['uk', 4, 'USD', 'чотири долари'],
  ['uk', 100, 'EUR', 'сто євро'],
  ['pl', 1, 'PLN', 'jeden złoty'],
  ['pl', 2.01, 'PLN', 'dwa złote jeden grosz'],
  ['pl', 12, 'PLN', 'dwanaście złotych'],
  ['pl', 21, 'PLN', 'dwadzieścia jeden złotych'],
  ['pl', 22.22, 'PLN', 'dwadzieścia dwa złote dwadzieścia dwa grosze'],
  ['pl', 2, 'UAH', 'dwie hrywny'],
  ['pl', 1.5, 'EUR', 'jedno euro pięćdziesiąt centów'],
  ['en', 1.01, 'GBP', 'one pound and one penny'],
  ['en', 2.5, 'GBP', 'two pounds and fifty pence'],
  ['en', 1_250, 'UAH', 'one thousand two hundred and fifty hryvnias'],
  ['en', 0.2, 'PLN', 'twenty groszy'],
  ['en', 0.001, 'USD', 'zero dollars'],
  ['en', 9.999, 'USD', 'ten dollars'],
] as const) {
  test(`${sum} ${currency} is “${said}”`, () => {
    assert.equal(grammars[language].money(sum, currency), said)
  })
}

test('every sum is said whole, without digits', () => {
  const sums = fc.double({ min: -999_999_999, max: 999_999_999, noNaN: true })
  fc.assert(
    fc.property(
      sums,
      fc.constantFrom(...currencies),
      fc.constantFrom(...languages),
      (sum, currency, language) => {
        assert.doesNotMatch(grammars[language].money(sum, currency), /\d|undefined|\s\s|^\s|\s$/)
      },
    ),
  )
})
