import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  calm,
  holds,
  isWithin,
  nextStanding,
  type Policy,
  type Rule,
  type Sight,
  type Standing,
} from './rules.ts'
import { kinds, type Weather } from './weather.ts'

const minute = 60_000
const mild: Weather = { at: 0, temperature: 5, rain: 0, snow: 0, wind: 3, isIcy: false, isStorm: false }
const policyOf = (more: Partial<Policy> = {}): Policy => ({
  rules: [
    { name: 'snowfall', is: 'snow', rise: 20 },
    { name: 'frost', is: 'frost', rise: 15 },
    { name: 'storm', is: 'storm', rise: 40 },
  ],
  maximumRise: 50,
  together: 'largest',
  dwell: 30 * minute,
  minuteOf: (moment) => Math.floor(moment / minute) % 1_440,
  ...more,
})

/** Lets the days pass and says how the zone stood after each sight. */
function passing(sights: readonly Sight[], policy = policyOf()): Standing[] {
  let standing = calm('city')
  return sights.map((sight) => {
    standing = nextStanding(standing, sight, policy)
    return standing
  })
}
const rises = (standings: readonly Standing[]) => standings.map(({ rise }) => rise)

describe('a weather rule', () => {
  const snow: Rule = { name: 'snow', is: 'snow', from: 0.5, until: 0.2, rise: 20 }
  const frost: Rule = { name: 'frost', is: 'frost', rise: 10 }

  test('begins at its threshold and ends only well below it', () => {
    const at = (amount: number) => ({ ...mild, snow: amount })
    assert.deepEqual(
      [
        holds(snow, at(0.4), false),
        holds(snow, at(0.5), false),
        holds(snow, at(0.3), true),
        holds(snow, at(0.1), true),
      ],
      [false, true, true, false],
    )
  })

  test('of frost begins below its threshold and ends above it', () => {
    const at = (temperature: number) => ({ ...mild, temperature })
    assert.deepEqual(
      [
        holds(frost, at(-19), false),
        holds(frost, at(-20), false),
        holds(frost, at(-18), true),
        holds(frost, at(-16), true),
      ],
      [false, true, true, false],
    )
  })

  test('with its limits the wrong way round begins and ends at the first', () => {
    const wrong = { ...snow, until: 2 }
    assert.deepEqual(
      [holds(wrong, { ...mild, snow: 0.6 }, true), holds(wrong, { ...mild, snow: 0.4 }, true)],
      [true, false],
    )
  })

  test('hours may go past midnight', () => {
    const night = { from: '22:00', to: '06:00' }
    assert.deepEqual(
      [isWithin(night, 23 * 60), isWithin(night, 5 * 60), isWithin(night, 12 * 60)],
      [true, true, false],
    )
  })
})

describe('the mark-up of a zone', () => {
  const snowing = { ...mild, snow: 2 }

  test('comes with the weather, says why, and goes once it has stood long enough', () => {
    const [on, kept, off] = passing([
      { now: 0, weather: snowing },
      { now: 10 * minute, weather: mild },
      { now: 30 * minute, weather: mild },
    ])
    assert.deepEqual(rises([on, kept, off] as Standing[]), [20, 20, 0])
    assert.deepEqual(
      [on?.rules, on?.because, off?.because],
      [['snowfall'], 'snow 2 mm/h', 'the weather is calm'],
    )
  })

  test('counts a rule only in its hours and its zones', () => {
    const rules = [
      { name: 'night', is: 'snow', rise: 20, hours: { from: '22:00', to: '06:00' } },
      { name: 'elsewhere', is: 'snow', rise: 30, zones: ['airport'] },
    ] as const
    const sights = [12, 23, 30].map((hour) => ({ now: hour * 60 * minute, weather: snowing }))
    assert.deepEqual(rises(passing(sights, policyOf({ rules }))), [0, 20, 0])
  })

  test('of several rules is the largest or their sum, and never above the maximum', () => {
    const all = { ...mild, snow: 2, temperature: -25, isStorm: true }
    const [largest] = passing([{ now: 0, weather: all }])
    const [sum] = passing([{ now: 0, weather: all }], policyOf({ together: 'sum' }))
    assert.deepEqual([largest?.rise, sum?.rise, sum?.rules.length], [40, 50, 3])
  })

  test('is what a person says until his time is over, at once and within the maximum', () => {
    const override = { rise: 80, until: 20 * minute, by: 'user:ann', because: 'a football match' }
    const standings = passing([
      { now: 0, weather: snowing },
      { now: minute, weather: snowing, override },
      { now: 20 * minute, weather: snowing, override },
    ])
    assert.deepEqual(rises(standings), [20, 50, 20])
    assert.equal(standings[1]?.by, 'user:ann')
  })

  test('goes at once when weather tariffs are switched off, and comes back at once when they are on again', () => {
    assert.deepEqual(
      rises(
        passing([
          { now: 0, weather: snowing },
          { now: minute, weather: snowing, isOff: true },
          { now: 2 * minute, weather: snowing },
        ]),
      ),
      [20, 0, 20],
    )
  })

  test('goes when nobody knows the weather any more', () => {
    assert.deepEqual(rises(passing([{ now: 0, weather: snowing }, { now: 40 * minute }])), [20, 0])
  })
})

const anyWeather = fc.record({
  at: fc.constant(0),
  temperature: fc.integer({ min: -35, max: 40 }),
  rain: fc.double({ min: 0, max: 20, noNaN: true }),
  snow: fc.double({ min: 0, max: 3, noNaN: true }),
  wind: fc.double({ min: 0, max: 35, noNaN: true }),
  isIcy: fc.boolean(),
  isStorm: fc.boolean(),
})
const anyRule = fc.record({ is: fc.constantFrom(...kinds), rise: fc.integer({ min: 0, max: 100 }) })
const anyPolicy = fc
  .record({
    rules: fc.array(anyRule, { maxLength: 6 }),
    maximumRise: fc.integer({ min: 0, max: 100 }),
    together: fc.constantFrom('largest' as const, 'sum' as const),
    dwell: fc.integer({ min: 0, max: 120 }),
  })
  .map(({ rules, dwell, ...rest }) =>
    policyOf({
      ...rest,
      dwell: dwell * minute,
      rules: rules.map((rule, index) => ({ ...rule, name: `${index}` })),
    }),
  )
const anySights = fc.array(
  fc.record({ after: fc.integer({ min: 1, max: 90 }), weather: fc.option(anyWeather, { nil: undefined }) }),
  { maxLength: 60 },
)

describe('whatever the sky does', () => {
  function sightsOf(steps: { after: number; weather: Weather | undefined }[]): Sight[] {
    let now = 0
    return steps.map(({ after, weather }) => {
      now += after * minute
      return { now, weather }
    })
  }

  test('there is at most one change per dwell, and nothing above the maximum', () => {
    fc.assert(
      fc.property(anyPolicy, anySights, (policy, steps) => {
        const standings = passing(sightsOf(steps), policy)
        const moments = [...new Set(standings.flatMap(({ changedAt }) => changedAt ?? []))]
        for (const [index, moment] of moments.entries())
          if (index > 0) assert.ok(moment - (moments[index - 1] ?? 0) >= policy.dwell)
        const changes = standings.filter(({ rise }, index) => rise !== (standings[index - 1]?.rise ?? 0))
        assert.equal(changes.length, moments.length)
        assert.ok(standings.every(({ rise }) => rise <= policy.maximumRise))
      }),
    )
  })

  test('the usual tariff is always restored', () => {
    fc.assert(
      fc.property(anyPolicy, anySights, fc.boolean(), (policy, steps, isOff) => {
        const sights = sightsOf(steps)
        const now = (sights.at(-1)?.now ?? 0) + (isOff ? 0 : policy.dwell)
        const after = passing([...sights, { now, weather: isOff ? undefined : mild, isOff }], policy)
        assert.equal(after.at(-1)?.rise, 0)
      }),
    )
  })
})
