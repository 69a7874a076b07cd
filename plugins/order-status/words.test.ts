import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Car } from '#core/ports/dispatch.ts'
import { languages } from '#core/schema.ts'
import { words } from './words.ts'

const car: Car = { colour: 'бел.', make: 'TOYOTA Camry', plate: 'А123ВС' }

test('a car on its way is told with minutes, colour, make and plate', () => {
  const saying = words.carComing({ car, minutes: 5 })
  assert.equal(
    saying.in('ru'),
    'Машина едет к вам и будет через пять минут. Это белая Тойота Камри, номер а, один, двадцать три, вэ, эс.',
  )
  assert.equal(
    saying.in('uk'),
    'Машина їде до вас і буде за п’ять хвилин. Це біла Тойота Камрі, номер а, один, двадцять три, ве, ес.',
  )
  assert.equal(
    saying.in('pl'),
    'Taksówka jest w drodze i będzie za pięć minut. To biała Toyota Camry, numer rejestracyjny a, jeden, dwa, trzy, be, ce.',
  )
  assert.equal(
    saying.in('en'),
    'Your taxi is on its way and will be with you in five minutes. It is a white Toyota Camry, registration ay, one, two, three, bee, see.',
  )
})

test('one, two and twenty-one minutes are said as people say them', () => {
  const inMinutes = (minutes: number, language: (typeof languages)[number]) =>
    words.carComing({ car: undefined, minutes }).in(language)
  assert.equal(inMinutes(1, 'ru'), 'Машина едет к вам и будет через одну минуту.')
  assert.equal(inMinutes(2, 'ru'), 'Машина едет к вам и будет через две минуты.')
  assert.equal(inMinutes(21, 'ru'), 'Машина едет к вам и будет через двадцать одну минуту.')
  assert.equal(inMinutes(1, 'uk'), 'Машина їде до вас і буде за одну хвилину.')
  assert.equal(inMinutes(22, 'uk'), 'Машина їде до вас і буде за двадцять дві хвилини.')
  assert.equal(inMinutes(1, 'pl'), 'Taksówka jest w drodze i będzie za jedną minutę.')
  assert.equal(inMinutes(21, 'pl'), 'Taksówka jest w drodze i będzie za dwadzieścia jeden minut.')
  assert.equal(inMinutes(1, 'en'), 'Your taxi is on its way and will be with you in one minute.')
})

test('no minutes left and no minutes known are both told honestly', () => {
  assert.equal(words.carComing({ car: {}, minutes: 0 }).in('ru'), 'Машина будет с минуты на минуту.')
  assert.equal(words.carComing({ car: {}, minutes: 0 }).in('uk'), 'Машина буде з хвилини на хвилину.')
  assert.equal(words.carComing({ car: {}, minutes: 0 }).in('pl'), 'Taksówka będzie lada chwila.')
  assert.equal(
    words.carComing({ car: {}, minutes: 0 }).in('en'),
    'Your taxi will be with you any moment now.',
  )
  assert.equal(words.carComing({ car: {}, minutes: undefined }).in('ru'), 'Машина уже едет к вам.')
  assert.equal(words.carComing({ car: {}, minutes: undefined }).in('pl'), 'Taksówka jest już w drodze.')
})

test('what staff did not type, or typed so that nobody knows it, is left out', () => {
  const arrived = (given: Car) => words.arrived({ car: given })
  assert.equal(
    arrived({ make: 'Ford', plate: 'BD51' }).in('en'),
    'Your taxi has arrived and is waiting for you. It is a Ford, registration bee, dee, five, one.',
  )
  assert.equal(
    arrived({ colour: 'оранжевый', make: 'Опель' }).in('en'),
    'Your taxi has arrived and is waiting for you. It is an orange Opel.',
  )
  assert.equal(arrived({ colour: 'синий' }).in('ru'), 'Машина подъехала и ждёт вас. Это синяя машина.')
  assert.equal(
    arrived({ make: 'Zorglub', plate: 'АА 1204' }).in('uk'),
    'Машина під’їхала й чекає на вас. Номер машини: а, а, дванадцять, нуль чотири.',
  )
  assert.equal(arrived({ colour: 'хамелеон' }).in('pl'), 'Taksówka jest na miejscu i czeka.')
})

test('the keys are the same everywhere', () => {
  const order = { ru: /ноль.*один.*два.*девять/, uk: /нуль.*один.*два.*дев’ять/ }
  assert.match(words.keys.in('ru'), order.ru)
  assert.match(words.keys.in('uk'), order.uk)
  assert.match(words.keys.in('pl'), /zero.*jeden.*dwa.*dziewięć/)
  assert.match(words.keys.in('en'), /zero.*one.*two.*nine/)
  assert.doesNotMatch(words.keysWithoutDriver.in('en'), /driver|one/)
})

test('whatever staff typed, the sentence is whole: it ends, and no blank shows through', () => {
  const text = fc.option(fc.string({ maxLength: 20 }), { nil: undefined })
  const anyCar = fc.record({ colour: text, make: text, plate: text }) as fc.Arbitrary<Car>
  fc.assert(
    fc.property(anyCar, fc.nat(600), fc.constantFrom(...languages), (given, minutes, language) => {
      const said = words.carComing({ car: given, minutes }).in(language)
      assert.match(said, /^\p{Lu}.*\.$/u)
      assert.doesNotMatch(said, /undefined|NaN|\s\s|\d/)
    }),
  )
})

test('an order for later is told with its day and hour', () => {
  const saying = words.orderedFor({ when: { day: 'tomorrow', hour: 7, minute: 15 }, car: undefined })
  assert.equal(saying.in('ru'), 'Машина заказана на завтра, на семь часов пятнадцать минут.')
  assert.equal(saying.in('uk'), 'Машину замовлено на завтра, на сьому годину п’ятнадцять хвилин.')
  assert.equal(saying.in('pl'), 'Taksówka jest zamówiona na jutro, na godzinę siódmą piętnaście.')
  assert.equal(saying.in('en'), 'Your taxi is ordered for tomorrow at seven fifteen in the morning.')
})

test('which of several orders is told by the pickup, the time, or its number', () => {
  const when = { day: 'today', hour: 20, minute: 0 } as const
  const both = words.orderByKey({ key: 2, pickup: 'ул. Садовая,  12', when })
  assert.equal(both.in('ru'), 'Ул. Садовая, двенадцать, на сегодня, на двадцать часов — нажмите два.')
  assert.equal(both.in('uk'), 'Ул. Садовая, дванадцять, на сьогодні, на двадцяту годину — натисніть два.')
  const neither = words.orderByKey({ key: 1, pickup: ' 0?', when: undefined })
  assert.equal(neither.in('pl'), 'Zero — proszę nacisnąć jeden.')
  assert.equal(words.orderByKey({ key: 1, pickup: '—', when: undefined }).in('en'), 'Order one: press one.')
})

test('whatever staff typed as the pickup, it is read without digits and the sentence is whole', () => {
  const pickup = fc.option(fc.string({ unit: 'grapheme', maxLength: 40 }), { nil: undefined })
  fc.assert(
    fc.property(pickup, fc.constantFrom(...languages), (typed, language) => {
      for (const said of [
        words.orderByKey({ key: 3, pickup: typed, when: undefined }).in(language),
        words.driversOrder({ pickup: typed }).in(language),
      ]) {
        assert.match(said, /\.$/)
        assert.doesNotMatch(said, /undefined|\s\s|\p{N}/u)
      }
    }),
  )
})
