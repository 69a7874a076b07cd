import assert from 'node:assert/strict'
import { test } from 'node:test'
import { languages } from '#core/schema.ts'
import { words } from './words.ts'

test('a debt, a shift and a priority are told in whole sentences', () => {
  const said = [
    [
      words.debt({ sum: -120.5, currency: 'UAH' }),
      'Ваш долг: сто двадцать гривен пятьдесят копеек.',
      'Ваш борг: сто двадцять гривень п’ятдесят копійок.',
      'Zadłużenie wynosi: sto dwadzieścia hrywien pięćdziesiąt kopiejek.',
      'You owe one hundred and twenty hryvnias and fifty kopiykas.',
    ],
    [
      words.shift({ day: 'today', hour: 8, minute: 0 }),
      'Смена началась сегодня в восемь часов.',
      'Зміна почалася сьогодні о восьмій годині.',
      'Zmiana zaczęła się dzisiaj o godzinie ósmej.',
      'Your shift began today at eight o’clock in the morning.',
    ],
    [
      words.lastOperation({ day: { month: 5, date: 2 } }),
      'Последняя операция: второго мая.',
      'Остання операція: другого травня.',
      'Ostatnia operacja: drugiego maja.',
      'The last operation was on the second of May.',
    ],
    [
      words.priority({ priority: -2 }),
      'Приоритет: минус два.',
      'Пріоритет: мінус два.',
      'Priorytet: minus dwa.',
      'Your priority is minus two.',
    ],
  ] as const
  for (const [saying, ...expected] of said) assert.deepEqual(languages.map(saying.in), expected)
})
