import assert from 'node:assert/strict'
import { test } from 'node:test'
import { callbus } from '../../test/support/command.ts'
import { makeSite } from '../../test/support/site.ts'

const settings = `
site: { name: t, title: T, country: UA, language: uk, timeZone: Europe/Kyiv }
adapters: { asterisk: { password: secret } }
plugins:
  weather-tariffs: { rules: [{ name: snowfall, is: snow, from: 1, rise: 20 }], dwell: 0 }
`
const hour = 3_600_000
const reading = (at: number, snow: number) => ({
  at: Date.UTC(2026, 0, 15) + at * hour,
  temperature: -3,
  rain: 0,
  snow,
  wind: 2,
  isIcy: false,
  isStorm: false,
})

test('past weather is told as the rules of the site would have taken it', async () => {
  await using site = await makeSite(settings)
  const readings = [reading(0, 0), reading(1, 2), reading(2, 2), reading(3, 0)]
  await site.write('winter.json', JSON.stringify({ readings }))
  const { code, out } = await callbus(['weather-dry-run', 'winter.json'], site)
  assert.equal(code, 0, out)
  assert.match(out, /^2026-01-15 02:00 – 2026-01-15 05:00: 2 changes, 2 hours with a mark-up\.$/m)
  assert.match(out, /^ {2}2026-01-15 03:00 – 2026-01-15 05:00 {2}\+20 % {2}.*snow 2 mm\/h/m)

  const json = await callbus(['weather-dry-run', 'winter.json', '--json'], site)
  assert.equal((JSON.parse(json.out) as { changes: number }).changes, 2)
})

test('an archive of Open-Meteo is read as it comes, and anything else is refused in a sentence', async () => {
  await using site = await makeSite(settings)
  const hourly = {
    time: ['2026-01-15T00:00', '2026-01-15T01:00'],
    temperature_2m: [-3, -3],
    snowfall: [2, 0],
  }
  await site.write('archive.json', JSON.stringify({ hourly }))
  assert.match((await callbus(['weather-dry-run', 'archive.json'], site)).out, /2 changes/)

  await site.write('other.json', '{}')
  const other = await callbus(['weather-dry-run', 'other.json'], site)
  assert.deepEqual([other.code, /holds neither/.test(other.out)], [1, true])
  assert.equal((await callbus(['weather-dry-run', 'none.json'], site)).code, 1)
  assert.equal((await callbus(['weather-dry-run'], site)).code, 2)
})
