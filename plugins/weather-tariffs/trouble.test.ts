/** Whoever is away, refuses, lies or is killed: the price is the right one again afterwards. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../../test/support/until.ts'
import { minute, openWeather, rules } from '../../test/support/weather-house.ts'

test('killed between the effect and its answer, the next life does nothing twice and restores later', async (t) => {
  const world = await openWeather(t, { attributes: [{ id: '1', shows: 'is-on' }], dwell: 5 })
  world.values.set('1', false)
  const before = await world.start()
  await world.passes(1)
  world.holdAnswers(true)
  world.sky.snowfall = 1.4
  await before.clock.advance(minute)
  await until(() => world.sets.length === 1, { what: 'the attribute to be set' })
  await before.die()
  world.holdAnswers(false)

  const after = await world.start({ folder: before.folder, clock: before.clock, exchange: before.exchange })
  await world.passes(3)
  assert.deepEqual(world.sets, [{ id: '1', value: true }])
  assert.deepEqual(world.changes(), [[0, 20]])
  world.sky.snowfall = 0
  await world.passes(5)
  assert.equal(world.values.get('1'), false)
  await after.close()
})

test('killed while a price was up and opened hours later without a provider, the usual tariff comes back', async (t) => {
  const world = await openWeather(t)
  const before = await world.start()
  world.sky.snowfall = 1.4
  await world.passes(2)
  assert.equal(world.values.get('1'), 20)
  await before.die()
  world.sky.isAway = true

  const { folder, clock, exchange } = before
  const after = await world.start({ folder, clock, exchange, after: 180 * minute })
  await until(() => world.values.get('1') === 7, { what: 'the usual tariff' })
  assert.equal(after.factsNamed('weather.lost').length, 1)
})

test('a dispatch program that is away gets the change when it is back', async (t) => {
  const world = await openWeather(t, { attributes: [{ id: '1', shows: 'is-on' }] })
  await world.start()
  world.breakDown(true)
  world.sky.snowfall = 1.4
  await world.passes(2)
  assert.deepEqual(world.changes(), [])
  const inEffect = async () => (await world.ask('GET', '/history')).changes[0].doneAt !== undefined
  assert.equal(await inEffect(), false)
  world.breakDown(false)
  await world.passes(1)
  assert.deepEqual([world.values.get('1'), world.changes()], [true, [[0, 20]]])
  assert.equal(await inEffect(), true)
})

test('without a provider the last known weather counts for a while, then the usual tariff, with an alarm', async (t) => {
  const world = await openWeather(t, { dwell: 5 })
  const app = await world.start()
  world.sky.snowfall = 1.4
  await world.passes(2)
  world.sky.isAway = true
  await world.passes(19)
  assert.deepEqual([await world.rise(), app.factsNamed('weather.lost').length], [20, 0])
  await world.passes(3)
  assert.deepEqual([await world.rise(), app.factsNamed('weather.lost').length], [0, 1])
  world.sky.isAway = false
  await world.passes(6)
  assert.deepEqual([await world.rise(), app.factsNamed('weather.found').length], [20, 1])
})

test('what the dispatch program refuses keeps no other tariff up, and is told to those responsible once', async (t) => {
  const world = await openWeather(t, { attributes: [{ id: '1' }, { id: '2' }], dwell: 5 })
  world.values.set('2', 5)
  const app = await world.start()
  world.sky.snowfall = 1.4
  await world.passes(1)
  assert.deepEqual([world.values.get('1'), world.values.get('2')], [20, 20])

  world.refused.add('1')
  world.sky.snowfall = 0
  await world.passes(7)
  assert.deepEqual([world.values.get('1'), world.values.get('2')], [20, 5])
  assert.equal((await world.ask('GET', '/history')).changes[0].doneAt, undefined)
  await world.passes(6)
  const told = new Set(app.told.map(({ id, about, text }) => JSON.stringify({ id, about, text })))
  assert.equal(told.size, 1)
  assert.match([...told][0] ?? '', /"about":"weather".*city ought to be the usual one.*attribute 1/)

  world.refused.clear()
  await world.passes(1)
  assert.equal(world.values.get('1'), 7)
})

test('a second rise that was refused leaves nothing up when the weather is calm again', async (t) => {
  const worse = { name: 'blizzard', is: 'snow', from: 5, until: 3, rise: 35 }
  const world = await openWeather(t, { rules: [...rules, worse], dwell: 1 })
  await world.start()
  world.sky.snowfall = 1.4
  await world.passes(2)
  world.refused.add('1')
  world.sky.snowfall = 5
  await world.passes(2)
  assert.equal(world.values.get('1'), 20)
  world.refused.clear()
  world.sky.snowfall = 0
  await world.passes(3)
  assert.equal(world.values.get('1'), 7)
})

test('what a dispatcher wrote by hand is not written over by the next rise', async (t) => {
  const worse = { name: 'blizzard', is: 'snow', from: 5, until: 3, rise: 35 }
  const world = await openWeather(t, { rules: [...rules, worse], dwell: 1 })
  await world.start()
  world.sky.snowfall = 1.4
  await world.passes(2)
  world.values.set('1', 12)
  world.sky.snowfall = 5
  await world.passes(2)
  world.sky.snowfall = 0
  await world.passes(3)
  assert.deepEqual([world.values.get('1'), world.changes().length], [12, 3])
})

test('a provider that says the same old weather again and again is as good as none', async (t) => {
  const world = await openWeather(t, { dwell: 5 })
  const app = await world.start()
  world.sky.snowfall = 1.4
  await world.passes(2)
  const { clock } = app
  world.sky.more = { time: clock.now() / 1_000 }
  const last = clock.now()
  const calm = async () => {
    await clock.advance(minute)
    return (await world.rise()) === 0
  }
  await until(calm, { what: 'the usual tariff' })
  assert.ok(clock.now() - last > 20 * minute)
  assert.equal(app.factsNamed('weather.lost').length, 1)
  assert.deepEqual(
    app.told.map(({ about, subject }) => [about, subject]),
    [['weather', 'The weather of city is not known']],
  )
})
