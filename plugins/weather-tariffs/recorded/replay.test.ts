/** A whole real winter, hour by hour, through the rules. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { dryRun } from '../dry-run.ts'
import type { Policy } from '../rules.ts'
import type { Weather } from '../weather.ts'

const hour = 3_600_000
/** The station's clock behind that of Greenwich. */
const behind = 5 * hour

/** What was seen to fall, as the least amount in an hour that such words stand for. */
const fallen: Record<string, Pick<Weather, 'rain' | 'snow'>> = {
  S: { rain: 0, snow: 0.5 },
  M: { rain: 0, snow: 1 },
  s: { rain: 0, snow: 0.3 },
  G: { rain: 0, snow: 0.1 },
  R: { rain: 1, snow: 0 },
  r: { rain: 2.5, snow: 0 },
  D: { rain: 0.2, snow: 0 },
  Z: { rain: 1, snow: 0 },
  F: { rain: 0.2, snow: 0 },
  I: { rain: 0, snow: 0.5 },
}

function recorded(): Weather[] {
  const text = readFileSync(join(import.meta.dirname, 'montreal-2012-winter.txt'), 'utf8')
  const days = text.split('\n').filter((line) => /^\d/.test(line))
  return days.flatMap((line) => {
    const [day = '', ...hours] = line.split(' ')
    assert.equal(hours.length, 24, day)
    return hours.map((word, at): Weather => {
      const [temperature, wind, what = ''] = word.split('/')
      const most = (of: 'rain' | 'snow') => Math.max(0, ...[...what].map((each) => fallen[each]?.[of] ?? 0))
      return {
        at: Date.parse(`${day}T00:00Z`) + behind + at * hour,
        temperature: Number(temperature),
        rain: most('rain'),
        snow: most('snow'),
        wind: Number(wind) / 3.6,
        isIcy: /[FZ]/.test(what) || (most('rain') > 0 && Number(temperature) <= 0),
        // The station tells of no thunderstorm in these months.
        isStorm: false,
      }
    })
  })
}

const policy: Policy = {
  rules: [
    { name: 'snowfall', is: 'snow', rise: 20 },
    { name: 'ice', is: 'ice', rise: 30 },
    { name: 'frost', is: 'frost', from: -20, until: -17, rise: 15 },
    { name: 'wind', is: 'wind', from: 14, until: 11, rise: 10 },
  ],
  maximumRise: 50,
  together: 'largest',
  dwell: 3 * hour,
  minuteOf: () => 0,
}
const run = (readings: Weather[], more: Partial<Policy> = {}) =>
  dryRun(readings, { ...policy, ...more }, { zone: 'city', lastKnownFor: hour })
const local = (moment: number) => new Date(moment - behind).toISOString().slice(5, 13)

const winter = recorded()
const days = 31 + 29 + 31

test('the record is whole: January to March, every hour once', () => {
  assert.equal(winter.length, days * 24)
  assert.equal(local(winter[0]?.at ?? 0), '01-01T00')
  assert.ok(winter.every(({ at }, index) => index === 0 || at - (winter[index - 1]?.at ?? 0) === hour))
})

const known = [
  { of: 'the freezing drizzle of New Year', rule: 'ice', from: '01-01T02', to: '01-01T04' },
  { of: 'the frost of 14 January', rule: 'frost', from: '01-14T21', to: '01-15T13' },
  { of: 'the freezing rain of 17 January', rule: 'ice', from: '01-17T19', to: '01-18T00' },
  { of: 'the gale of 18 January', rule: 'wind', from: '01-18T01', to: '01-18T06' },
  { of: 'the snow of 1 March', rule: 'snowfall', from: '02-29T22', to: '03-02T07' },
]
for (const { of, rule, from, to } of known)
  test(`${of} is found`, () => {
    const { spans } = run(winter, { rules: policy.rules.filter(({ name }) => name === rule), dwell: 0 })
    const found = spans.find((span) => local(span.from) === from)
    assert.equal(found && local(found.to), to)
  })

test('in a whole winter prices change now and then, never within the dwell, and all are put back', () => {
  const { changes, spans, hours } = run(winter)
  const moments = [...new Set(spans.flatMap(({ from, to }) => [from, to]))].sort((one, other) => one - other)
  for (const [index, moment] of moments.entries())
    if (index > 0) assert.ok(moment - (moments[index - 1] ?? 0) >= policy.dwell)
  assert.ok(spans.every(({ from, to }) => to > from))
  assert.ok(changes <= (days * 24) / 3)
  assert.ok(changes < run(winter, { dwell: 0 }).changes)
  assert.ok(hours > days && hours < (days * 24) / 2)
})

test('on whatever day the weather ceases to be known, the usual tariff comes back', () => {
  for (let day = 1; day <= days; day += 1) {
    const { spans } = run(winter.slice(0, day * 24))
    assert.ok(spans.every(({ from, to }) => to > from))
  }
})
