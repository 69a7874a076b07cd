import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { languages } from '../../schema.ts'
import { toCarNames, toColour } from './cars.ts'
import { a, en, grammars, pl, ru, uk } from './grammar.ts'

test('a car is described in the gender of its make, however staff typed it', () => {
  const typed: [string, string][] = [
    ['белый', 'Toyota'],
    ['БЕЛАЯ', 'тойота'],
    ['бел.', 'TOYOTA'],
    ['біла', 'Тойота'],
    ['biały', 'toyota'],
    ['bialy', 'тоёта'],
    ['white', 'Toyota XB-99'],
  ]
  for (const [colour, make] of typed) {
    assert.equal(ru.car({ colour, make }), 'белая Тойота')
    assert.equal(uk.car({ colour, make }), 'біла Тойота')
    assert.equal(pl.car({ colour, make }), 'biała Toyota')
    assert.equal(en.car({ colour, make }), 'white Toyota')
  }
})

test('genders, soft endings and shades are right in each language', () => {
  const blueRenault = { colour: 'синий', make: 'Renault Logan' }
  assert.equal(ru.car(blueRenault), 'синий Рено Логан')
  assert.equal(uk.car(blueRenault), 'синій Рено Логан')
  assert.equal(pl.car(blueRenault), 'niebieskie Renault Logan')
  assert.equal(en.car(blueRenault), 'blue Renault Logan')

  const octavia = { colour: 'синя', make: 'шкода октавия' }
  assert.equal(ru.car(octavia), 'синяя Шкода Октавия')
  assert.equal(uk.car(octavia), 'синя Шкода Октавія')
  assert.equal(pl.car(octavia), 'niebieska Skoda Octavia')

  const green = { colour: 'т.-зел. мет.', make: 'mercedes-benz' }
  assert.equal(ru.car(green), 'тёмно-зелёный Мерседес')
  assert.equal(uk.car(green), 'темно-зелений Мерседес')
  assert.equal(pl.car({ ...green, colour: 'ciemnozielony' }), 'ciemnozielony Mercedes')
  assert.equal(en.car(green), 'dark green Mercedes')
})

test('a colour alone describes a car, and what nobody knows describes nothing', () => {
  assert.equal(ru.car({ colour: 'серебристый' }), 'серебристая машина')
  assert.equal(uk.car({ colour: 'сріблястий' }), 'срібляста машина')
  assert.equal(pl.car({ colour: 'srebrny metalik' }), 'srebrny samochód')
  assert.equal(en.car({ colour: 'Silver' }), 'silver car')
  assert.equal(ru.car({ make: 'Lada' }), 'Лада')
  for (const language of languages) {
    assert.equal(grammars[language].car({ colour: 'хамелеон', make: 'Zorglub 3000' }), undefined)
    assert.equal(grammars[language].car({}), undefined)
  }
})

test('colours are told apart', () => {
  const colours: [string, ReturnType<typeof toColour>][] = [
    ['сер', { colour: 'grey' }],
    ['серебро', { colour: 'silver' }],
    ['чер.', { colour: 'black' }],
    ['чёрная', { colour: 'black' }],
    ['мокрый асфальт', { colour: 'grey' }],
    ['light blue', { colour: 'lightBlue' }],
    ['темно синий', { colour: 'navy' }],
    ['jasnoszary', { colour: 'grey', shade: 'light' }],
    ['gre', undefined],
    ['бело-зелёный', { colour: 'white' }],
    ['жовтий', { colour: 'yellow' }],
    ['constructor white', { colour: 'white' }],
    ['', undefined],
  ]
  for (const [typed, expected] of colours) assert.deepEqual(toColour(typed), expected, typed)
})

test('makes of two words are known together and apart', () => {
  assert.deepEqual(toCarNames('Land Rover'), ['landRover'])
  assert.deepEqual(toCarNames('ВАЗ (Lada) Granta'), ['lada', 'granta'])
  assert.deepEqual(toCarNames('Hyundai Accent 1.4'), ['hyundai', 'accent'])
})

test('plates are read letter by letter', () => {
  assert.equal(ru.plate('А123ВС77'), 'а, один, двадцать три, вэ, эс, семьдесят семь')
  assert.equal(ru.plate('a123bc 77'), 'а, один, двадцать три, вэ, эс, семьдесят семь')
  assert.equal(ru.plate('О007ОО99'), 'о, ноль, ноль семь, о, о, девяносто девять')
  assert.equal(uk.plate('АА 1204 ІХ'), 'а, а, дванадцять, нуль чотири, і, ха')
  assert.equal(uk.plate('KA1200BT'), 'ка, а, дванадцять, нуль нуль, ве, те')
  assert.equal(pl.plate('WA 5021J'), 'wu, a, pięć, zero, dwa, jeden, jot')
  assert.equal(en.plate('BD51 SMR'), 'bee, dee, five, one, ess, em, ar')
  assert.equal(ru.plate('WX 5021J'), 'дубль-вэ, икс, пятьдесят, двадцать один, йот')
  assert.equal(pl.plate('А123ВС'), 'a, jeden, dwa, trzy, be, ce')
  assert.equal(en.plate('—'), undefined)
  assert.equal(en.plate(undefined), undefined)
})

test('an article fits the word after it', () => {
  assert.equal(a('white Toyota'), 'a white Toyota')
  assert.equal(a('orange Ford'), 'an orange Ford')
})

test('whatever is typed, describing a car or a plate never fails', () => {
  const text = fc.string({ unit: 'binary', maxLength: 30 })
  fc.assert(
    fc.property(text, text, fc.constantFrom(...languages), (colour, make, language) => {
      const grammar = grammars[language]
      for (const said of [grammar.car({ colour, make }), grammar.plate(make)]) {
        assert.ok(said === undefined || said.trim().length > 0)
      }
    }),
  )
})
