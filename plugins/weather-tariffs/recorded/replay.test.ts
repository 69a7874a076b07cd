/** Three weeks of a real winter, hour by hour, through the rules. */
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
  s: { rain: 0, snow: 0.3 },
  R: { rain: 1, snow: 0 },
  r: { rain: 2.5, snow: 0 },
  D: { rain: 0.2, snow: 0 },
  F: { rain: 0.2, snow: 0 },
  I: { rain: 0, snow: 0.5 },
  T: { rain: 2.5, snow: 0 },
}

function recorded(): Weather[] {
  const text = readFileSync(join(import.meta.dirname, 'montreal-2013-01.txt'), 'utf8')
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
        isIcy: what.includes('F') || (most('rain') > 0 && Number(temperature) <= 0),
        isStorm: what.includes('T'),
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
    { name: 'storm', is: 'storm', rise: 40 },
  ],
  maximumRise: 50,
  together: 'largest',
  dwell: 3 * hour,
  minuteOf: () => 0,
}
const run = (more: Partial<Policy> = {}) =>
  dryRun(recorded(), { ...policy, ...more }, { zone: 'city', lastKnownFor: hour })
const local = (moment: number) => new Date(moment - behind).toISOString().slice(5, 13)

test('the record is whole: 23 days, every hour once', () => {
  const readings = recorded()
  assert.equal(readings.length, 23 * 24)
  assert.ok(readings.every(({ at }, index) => index === 0 || at - (readings[index - 1]?.at ?? 0) === hour))
})

test('the frost of the 23rd, the storm of the 20th and the freezing drizzle of the 19th are found', () => {
  const spans = run({ dwell: 0 }).spans
  const when = (rule: string) =>
    spans.filter(({ rules }) => rules.includes(rule)).map(({ from }) => local(from))
  assert.ok(when('storm').includes('01-20T08'))
  assert.ok(when('ice').includes('01-19T15'))
  const frost = spans.filter(({ rules }) => rules.includes('frost')).at(-1)
  assert.deepEqual([frost && local(frost.from), frost && local(frost.to)], ['01-22T21', '01-24T00'])
})

test('in three weeks prices change now and then, never within the dwell, and all are put back', () => {
  const { changes, spans, hours } = run()
  const moments = [...new Set(spans.flatMap(({ from, to }) => [from, to]))].sort((one, other) => one - other)
  for (const [index, moment] of moments.entries())
    if (index > 0) assert.ok(moment - (moments[index - 1] ?? 0) >= policy.dwell)
  assert.ok(spans.every(({ from, to }) => to > from))
  assert.ok(changes <= (23 * 24) / 3)
  assert.ok(changes < run({ dwell: 0 }).changes)
  assert.ok(hours > 24 && hours < 23 * 24)
})
