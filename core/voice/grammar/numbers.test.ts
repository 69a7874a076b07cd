import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { languages } from '../../schema.ts'
import { en, grammars, pl, ru, uk } from './grammar.ts'
import type { Case, Gender } from './numbers.ts'

const cases: readonly Case[] = ['nominative', 'accusative', 'genitive']
const genders: readonly Gender[] = ['masculine', 'feminine', 'neuter']

/** Written apart from the tables under test: every spelling of every number word, by beginnings. */
const readers: Record<keyof typeof grammars, [pattern: RegExp, value: number][]> = {
  ru: [
    [/^нол[ья]$/, 0],
    [/^(один|одна|одно|одну|одного|одной)$/, 1],
    [/^(два|две|двух)$/, 2],
    [/^(три|трёх)$/, 3],
    [/^(четыре|четырёх)$/, 4],
    [/^пят[ьи]$/, 5],
    [/^шест[ьи]$/, 6],
    [/^сем[ьи]$/, 7],
    [/^вос(емь|ьми)$/, 8],
    [/^девят[ьи]$/, 9],
    [/^десят[ьи]$/, 10],
    [/^одиннадцат[ьи]$/, 11],
    [/^двенадцат[ьи]$/, 12],
    [/^тринадцат[ьи]$/, 13],
    [/^четырнадцат[ьи]$/, 14],
    [/^пятнадцат[ьи]$/, 15],
    [/^шестнадцат[ьи]$/, 16],
    [/^семнадцат[ьи]$/, 17],
    [/^восемнадцат[ьи]$/, 18],
    [/^девятнадцат[ьи]$/, 19],
    [/^двадцат[ьи]$/, 20],
    [/^тридцат[ьи]$/, 30],
    [/^сорока?$/, 40],
    [/^пят(ьдесят|идесяти)$/, 50],
    [/^шест(ьдесят|идесяти)$/, 60],
    [/^сем(ьдесят|идесяти)$/, 70],
    [/^вос(емьдесят|ьмидесяти)$/, 80],
    [/^девяност[оа]$/, 90],
    [/^ст[оа]$/, 100],
    [/^дв(ести|ухсот)$/, 200],
    [/^тр(иста|ёхсот)$/, 300],
    [/^четыр(еста|ёхсот)$/, 400],
    [/^пят[ьи]сот$/, 500],
    [/^шест[ьи]сот$/, 600],
    [/^сем[ьи]сот$/, 700],
    [/^вос(емь|ьми)сот$/, 800],
    [/^девят[ьи]сот$/, 900],
    [/^тысяч[аиу]?$/, 1000],
    [/^миллион(а|ов)?$/, 1_000_000],
  ],
  uk: [
    [/^нул[ья]$/, 0],
    [/^(один|одна|одне|одну|одного|однієї)$/, 1],
    [/^(два|дві|двох)$/, 2],
    [/^тр(и|ьох)$/, 3],
    [/^чотир(и|ьох)$/, 4],
    [/^п’ят[ьи]$/, 5],
    [/^шіст?(ь|и)$|^шести$/, 6],
    [/^с(ім|еми)$/, 7],
    [/^в(ісім|осьми)$/, 8],
    [/^дев’ят[ьи]$/, 9],
    [/^десят[ьи]$/, 10],
    [/^одинадцят[ьи]$/, 11],
    [/^дванадцят[ьи]$/, 12],
    [/^тринадцят[ьи]$/, 13],
    [/^чотирнадцят[ьи]$/, 14],
    [/^п’ятнадцят[ьи]$/, 15],
    [/^шістнадцят[ьи]$/, 16],
    [/^сімнадцят[ьи]$/, 17],
    [/^вісімнадцят[ьи]$/, 18],
    [/^дев’ятнадцят[ьи]$/, 19],
    [/^двадцят[ьи]$/, 20],
    [/^тридцят[ьи]$/, 30],
    [/^сорока?$/, 40],
    [/^п’ятдесяти?$/, 50],
    [/^шістдесяти?$/, 60],
    [/^сімдесяти?$/, 70],
    [/^вісімдесяти?$/, 80],
    [/^дев’яност[оа]$/, 90],
    [/^ст[оа]$/, 100],
    [/^дв(істі|охсот)$/, 200],
    [/^тр(иста|ьохсот)$/, 300],
    [/^чотир(иста|ьохсот)$/, 400],
    [/^п’яти?сот$/, 500],
    [/^ш(істсот|естисот)$/, 600],
    [/^с(імсот|емисот)$/, 700],
    [/^в(ісімсот|осьмисот)$/, 800],
    [/^дев’яти?сот$/, 900],
    [/^тисяч[аіу]?$/, 1000],
    [/^мільйон(а|и|ів)?$/, 1_000_000],
  ],
  pl: [
    [/^zer[oa]$/, 0],
    [/^(jeden|jedna|jedno|jedną|jednego|jednej)$/, 1],
    [/^(dwa|dwie|dwóch)$/, 2],
    [/^trz(y|ech)$/, 3],
    [/^czter(y|ech)$/, 4],
    [/^pię(ć|ciu)$/, 5],
    [/^sześ(ć|ciu)$/, 6],
    [/^sied(em|miu)$/, 7],
    [/^oś(em|miu)$|^osiem$/, 8],
    [/^dziewię(ć|ciu)$/, 9],
    [/^dziesię(ć|ciu)$/, 10],
    [/^jedena(ście|stu)$/, 11],
    [/^dwana(ście|stu)$|^dwunastu$/, 12],
    [/^trzyna(ście|stu)$/, 13],
    [/^czterna(ście|stu)$/, 14],
    [/^piętna(ście|stu)$/, 15],
    [/^szesna(ście|stu)$/, 16],
    [/^siedemna(ście|stu)$/, 17],
    [/^osiemna(ście|stu)$/, 18],
    [/^dziewiętna(ście|stu)$/, 19],
    [/^dwadzieścia$|^dwudziestu$/, 20],
    [/^trzydzie(ści|stu)$/, 30],
    [/^czterdzie(ści|stu)$/, 40],
    [/^pięćdziesi(ąt|ęciu)$/, 50],
    [/^sześćdziesi(ąt|ęciu)$/, 60],
    [/^siedemdziesi(ąt|ęciu)$/, 70],
    [/^osiemdziesi(ąt|ęciu)$/, 80],
    [/^dziewięćdziesi(ąt|ęciu)$/, 90],
    [/^st[ou]$/, 100],
    [/^dwieście$|^dwustu$/, 200],
    [/^trzyst[au]$/, 300],
    [/^czteryst[au]$/, 400],
    [/^pię(ć|ciu)set$/, 500],
    [/^sześ(ć|ciu)set$/, 600],
    [/^sied(em|miu)set$/, 700],
    [/^(osiem|ośmiu)set$/, 800],
    [/^dziewię(ć|ciu)set$/, 900],
    [/^tysi(ąc|ące|ąca|ęcy)$/, 1000],
    [/^milion(y|ów|a)?$/, 1_000_000],
  ],
  en: [
    [/^zero$/, 0],
    [/^one$/, 1],
    [/^two$/, 2],
    [/^three$/, 3],
    [/^four$/, 4],
    [/^five$/, 5],
    [/^six$/, 6],
    [/^seven$/, 7],
    [/^eight$/, 8],
    [/^nine$/, 9],
    [/^ten$/, 10],
    [/^eleven$/, 11],
    [/^twelve$/, 12],
    [/^thirteen$/, 13],
    [/^fourteen$/, 14],
    [/^fifteen$/, 15],
    [/^sixteen$/, 16],
    [/^seventeen$/, 17],
    [/^eighteen$/, 18],
    [/^nineteen$/, 19],
    [/^twenty$/, 20],
    [/^thirty$/, 30],
    [/^forty$/, 40],
    [/^fifty$/, 50],
    [/^sixty$/, 60],
    [/^seventy$/, 70],
    [/^eighty$/, 80],
    [/^ninety$/, 90],
    [/^thousand$/, 1000],
    [/^million$/, 1_000_000],
  ],
}

/** The number that words mean; throws at a word it does not know. */
function meant(words: string, language: keyof typeof grammars): number {
  let total = 0
  let group = 0
  for (const word of words.split(/[ -]/)) {
    if (word === 'and') continue
    if (word === 'hundred') {
      group *= 100
      continue
    }
    const value = readers[language].find(([pattern]) => pattern.test(word))?.[1]
    assert.ok(value !== undefined, `nobody knows the ${language} word ${word}`)
    if (value < 1000) group += value
    else {
      total += (group || 1) * value
      group = 0
    }
  }
  return total + group
}

for (const language of languages) {
  const numbers = [fc.integer({ min: 0, max: 999_999 }), fc.integer({ min: 0, max: 999_999_999 })]

  test(`any number said in ${language} means that number`, () => {
    const check = (value: number, grammaticalCase: Case, gender: Gender) => {
      const words = grammars[language].number(value, { case: grammaticalCase, gender })
      assert.equal(meant(words, language), value, words)
    }
    for (let value = 0; value <= 1200; value++) check(value, 'nominative', 'masculine')
    for (let value = 0; value <= 1200; value++) check(value, 'genitive', 'feminine')
    fc.assert(
      fc.property(fc.oneof(...numbers), fc.constantFrom(...cases), fc.constantFrom(...genders), check),
      {
        numRuns: 2000,
      },
    )
  })

  test(`what is not a sayable number is refused in ${language}`, () => {
    for (const value of [-1, Number.NaN, Number.POSITIVE_INFINITY, 1_000_000_000]) {
      assert.throws(() => grammars[language].number(value), RangeError)
    }
  })
}

test('a thing counted stands in the form that the plural rules of its language ask for', () => {
  const minutes = {
    ru: {
      nominative: { one: 'минута', few: 'минуты', many: 'минут' },
      accusative: 'минуту',
      genitive: 'минуты',
    },
    uk: {
      nominative: { one: 'хвилина', few: 'хвилини', many: 'хвилин' },
      accusative: 'хвилину',
      genitive: 'хвилини',
    },
    pl: {
      nominative: { one: 'minuta', few: 'minuty', many: 'minut' },
      accusative: 'minutę',
      genitive: 'minuty',
    },
  }
  for (const language of ['ru', 'uk', 'pl'] as const) {
    const rules = new Intl.PluralRules(language)
    const forms = minutes[language]
    for (let value = 0; value <= 200; value++) {
      const plural = rules.select(value) as 'one' | 'few' | 'many'
      const last = (form: Case) => grammars[language].count(value, 'minute', form).split(' ').at(-1)
      assert.equal(last('nominative'), forms.nominative[plural])
      assert.equal(last('accusative'), plural === 'one' ? forms.accusative : forms.nominative[plural])
      assert.equal(last('genitive'), plural === 'one' ? forms.genitive : forms.nominative.many)
    }
  }
  const english = new Intl.PluralRules('en')
  for (let value = 0; value <= 200; value++) {
    assert.ok(en.count(value, 'minute').endsWith(english.select(value) === 'one' ? ' minute' : ' minutes'))
  }
})

test('minutes are counted as people say them', () => {
  const said = [
    [ru.count(1, 'minute', 'accusative'), 'одну минуту'],
    [ru.count(2, 'minute', 'accusative'), 'две минуты'],
    [ru.count(5, 'minute', 'accusative'), 'пять минут'],
    [ru.count(11, 'minute', 'accusative'), 'одиннадцать минут'],
    [ru.count(12, 'minute'), 'двенадцать минут'],
    [ru.count(14, 'minute'), 'четырнадцать минут'],
    [ru.count(21, 'minute', 'accusative'), 'двадцать одну минуту'],
    [ru.count(22, 'minute'), 'двадцать две минуты'],
    [ru.count(21, 'minute', 'genitive'), 'двадцати одной минуты'],
    [ru.count(42, 'minute', 'genitive'), 'сорока двух минут'],
    [ru.count(1000, 'minute', 'accusative'), 'тысячу минут'],
    [ru.count(2001, 'hour'), 'две тысячи один час'],
    [ru.count(111, 'hour'), 'сто одиннадцать часов'],
    [uk.count(1, 'minute', 'accusative'), 'одну хвилину'],
    [uk.count(2, 'minute', 'accusative'), 'дві хвилини'],
    [uk.count(5, 'minute', 'accusative'), 'п’ять хвилин'],
    [uk.count(13, 'minute'), 'тринадцять хвилин'],
    [uk.count(21, 'minute', 'accusative'), 'двадцять одну хвилину'],
    [uk.count(31, 'minute', 'genitive'), 'тридцяти однієї хвилини'],
    [uk.count(68, 'minute', 'genitive'), 'шістдесяти восьми хвилин'],
    [uk.count(2, 'hour'), 'дві години'],
    [pl.count(1, 'minute', 'accusative'), 'jedną minutę'],
    [pl.count(2, 'minute', 'accusative'), 'dwie minuty'],
    [pl.count(5, 'minute', 'accusative'), 'pięć minut'],
    [pl.count(12, 'minute'), 'dwanaście minut'],
    [pl.count(21, 'minute', 'accusative'), 'dwadzieścia jeden minut'],
    [pl.count(22, 'minute', 'accusative'), 'dwadzieścia dwie minuty'],
    [pl.count(101, 'minute'), 'sto jeden minut'],
    [pl.count(1001, 'hour'), 'tysiąc jeden godzin'],
    [pl.count(24, 'minute', 'genitive'), 'dwudziestu czterech minut'],
    [pl.number(21_000), 'dwadzieścia jeden tysięcy'],
    [pl.number(2_000_002, { gender: 'feminine' }), 'dwa miliony dwie'],
    [en.count(1, 'minute'), 'one minute'],
    [en.count(21, 'minute'), 'twenty-one minutes'],
    [en.number(105), 'one hundred and five'],
    [en.number(1015), 'one thousand and fifteen'],
    [en.number(12_345), 'twelve thousand three hundred and forty-five'],
    [ru.number(1_121_031, { gender: 'neuter' }), 'миллион сто двадцать одна тысяча тридцать одно'],
    [uk.number(2_002, { gender: 'neuter' }), 'дві тисячі два'],
  ]
  for (const [spoken, expected] of said) assert.equal(spoken, expected)
})

test('from an hour on minutes are said in hours and minutes', () => {
  assert.equal(ru.minutes(59, 'accusative'), 'пятьдесят девять минут')
  assert.equal(ru.minutes(61, 'accusative'), 'один час одну минуту')
  assert.equal(uk.minutes(80, 'accusative'), 'одну годину двадцять хвилин')
  assert.equal(pl.minutes(60, 'accusative'), 'jedną godzinę')
  assert.equal(en.minutes(125), 'two hours five minutes')
})
