import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PlaceName, Type } from './schema.ts'
import { unknownPlaces } from './unknown-places.ts'

const schema = Type.Object({
  home: PlaceName({ default: 'operators' }),
  menus: Type.Array(
    Type.Object({ keys: Type.Record(Type.String(), Type.Object({ goTo: Type.Optional(PlaceName({})) })) }),
  ),
  either: Type.Union([Type.Literal(false), Type.Object({ to: PlaceName({}) })]),
  name: Type.String(),
})
const found = (settings: object) =>
  unknownPlaces([{ at: 'plugins.lines', schema, settings }], ['operators', 'reserve'])

test('a setting that leads to a place which is not there is named, with what was probably meant', () => {
  const settings = {
    home: 'operators',
    menus: [{ keys: { 1: { goTo: 'reserv' }, 2: {}, 3: { goTo: 'reserve' } } }],
    either: { to: 'the moon' },
    name: 'nowhere',
  }
  assert.deepEqual(
    found(settings).map((each) => each.split('. ')[0]),
    [
      '`plugins.lines.menus.0.keys.1.goTo` names the place `reserv`, which nobody offers; did you mean `reserve`?',
      '`plugins.lines.either.to` names the place `the moon`, which nobody offers; there is `operators`, `reserve`',
    ].map((each) => each.split('. ')[0]),
  )
})

test('places that are there are nothing to talk about', () => {
  assert.deepEqual(found({ home: 'reserve', menus: [], either: false, name: 'x' }), [])
})

test('a word or an id that may stand where a place stands is no unknown place', () => {
  const keys = Type.Record(Type.String(), PlaceName({}, { words: ['repeat'], idsOf: 'people' }))
  const people = Type.Array(Type.Object({ id: Type.String() }))
  const settings = { keys: { 0: 'repeat', 1: 'ann', 2: 'reserve', 3: 'ben' }, people: [{ id: 'ann' }] }
  const [only, ...more] = unknownPlaces(
    [{ at: 'plugins.queue', schema: Type.Object({ keys, people }), settings }],
    ['reserve'],
  )
  assert.match(only ?? '', /^`plugins.queue.keys.3` names the place `ben`, which nobody offers/)
  assert.deepEqual(more, [])
})
