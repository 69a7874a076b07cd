import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { languages } from '../../schema.ts'
import { grammars } from './grammar.ts'
import { type DayTime, toDayTime, toPastTime } from './times.ts'

const timeZone = 'Europe/Kyiv'
const now = Date.UTC(2026, 4, 16, 12)

test('a moment is told by the wall clock of the site, today and tomorrow by their names', () => {
  const at = (moment: number) => toDayTime(moment, { now, timeZone })
  assert.deepEqual(at(Date.UTC(2026, 4, 16, 15, 30)), { day: 'today', hour: 18, minute: 30 })
  assert.deepEqual(at(Date.UTC(2026, 4, 16, 21, 5)), { day: 'tomorrow', hour: 0, minute: 5 })
  assert.deepEqual(at(Date.UTC(2026, 4, 31, 6)), { day: { month: 5, date: 31 }, hour: 9, minute: 0 })
})

test('tomorrow is tomorrow also when the clocks change in between', () => {
  const eve = Date.UTC(2026, 9, 24, 21, 30)
  assert.equal(toDayTime(Date.UTC(2026, 9, 25, 21, 30), { now: eve - 3_600_000, timeZone }).day, 'tomorrow')
})

for (const [when, said] of [
  [
    { day: 'today', hour: 18, minute: 30 },
    {
      ru: 'на сегодня, на восемнадцать часов тридцать минут',
      uk: 'на сьогодні, на вісімнадцяту годину тридцять хвилин',
      pl: 'na dziś, na godzinę osiemnastą trzydzieści',
      en: 'today at six thirty in the evening',
    },
  ],
  [
    { day: 'tomorrow', hour: 21, minute: 1 },
    {
      ru: 'на завтра, на двадцать один час одну минуту',
      uk: 'на завтра, на двадцять першу годину одну хвилину',
      pl: 'na jutro, na godzinę dwudziestą pierwszą zero jeden',
      en: 'tomorrow at nine oh one in the evening',
    },
  ],
  [
    { day: { month: 5, date: 31 }, hour: 8, minute: 0 },
    {
      ru: 'на тридцать первое мая, на восемь часов',
      uk: 'на тридцять перше травня, на восьму годину',
      pl: 'na trzydziestego pierwszego maja, na godzinę ósmą',
      en: 'the thirty-first of May at eight o’clock in the morning',
    },
  ],
  [
    { day: { month: 8, date: 2 }, hour: 0, minute: 45 },
    {
      ru: 'на второе августа, на ноль часов сорок пять минут',
      uk: 'на друге серпня, на нульову годину сорок п’ять хвилин',
      pl: 'na drugiego sierpnia, na godzinę zerową czterdzieści pięć',
      en: 'the second of August at twelve forty-five at night',
    },
  ],
] as const satisfies readonly (readonly [DayTime, Record<string, string>])[]) {
  test(`“${said.en}” is said so in every language`, () => {
    for (const language of languages) assert.equal(grammars[language].when(when), said[language])
  })
}

test('every moment is said whole, without digits', () => {
  const day = fc.oneof(
    fc.constantFrom('today' as const, 'tomorrow' as const),
    fc.record({ month: fc.integer({ min: 1, max: 12 }), date: fc.integer({ min: 1, max: 31 }) }),
  )
  const when = fc.record({ day, hour: fc.nat(23), minute: fc.nat(59) })
  fc.assert(
    fc.property(when, fc.constantFrom(...languages), (moment, language) => {
      assert.doesNotMatch(grammars[language].when(moment), /\d|undefined|\s\s|\s$/)
    }),
  )
})

test('a moment that was is told by its day, yesterday also when the clocks changed in between', () => {
  const past = (moment: number) => toPastTime(moment, { now, timeZone })
  assert.deepEqual(past(Date.UTC(2026, 4, 16, 5, 30)), { day: 'today', hour: 8, minute: 30 })
  assert.deepEqual(past(Date.UTC(2026, 4, 14, 22, 5)), { day: 'yesterday', hour: 1, minute: 5 })
  assert.deepEqual(past(Date.UTC(2026, 2, 3, 6)).day, { month: 3, date: 3 })
  const after = { now: Date.UTC(2026, 9, 25, 20), timeZone }
  assert.equal(toPastTime(Date.UTC(2026, 9, 24, 10), after).day, 'yesterday')
})

for (const [day, time, said] of [
  [
    'today',
    { hour: 8, minute: 30 },
    {
      ru: 'сегодня в восемь часов тридцать минут',
      uk: 'сьогодні о восьмій годині тридцять хвилин',
      pl: 'dzisiaj o godzinie ósmej trzydzieści',
      en: 'today at eight thirty in the morning',
    },
  ],
  [
    'yesterday',
    { hour: 23, minute: 5 },
    {
      ru: 'вчера в двадцать три часа пять минут',
      uk: 'учора о двадцять третій годині п’ять хвилин',
      pl: 'wczoraj o godzinie dwudziestej trzeciej zero pięć',
      en: 'yesterday at eleven oh five in the evening',
    },
  ],
  [
    { month: 5, date: 3 },
    { hour: 11, minute: 0 },
    {
      ru: 'третьего мая в одиннадцать часов',
      uk: 'третього травня об одинадцятій годині',
      pl: 'trzeciego maja o godzinie jedenastej',
      en: 'on the third of May at eleven o’clock in the morning',
    },
  ],
  [
    { month: 8, date: 22 },
    { hour: 0, minute: 1 },
    {
      ru: 'двадцать второго августа в ноль часов одну минуту',
      uk: 'двадцять другого серпня о нульовій годині одну хвилину',
      pl: 'dwudziestego drugiego sierpnia o godzinie zerowej zero jeden',
      en: 'on the twenty-second of August at twelve oh one at night',
    },
  ],
] as const) {
  test(`“${said.en}” is said so in every language`, () => {
    for (const language of languages) {
      const { on, at } = grammars[language]
      assert.equal(`${on(day)} ${at(time)}`, said[language])
    }
  })
}
