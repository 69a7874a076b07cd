import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openBrowser } from '../../test/support/chromium.ts'
import { needs } from '../../test/support/needs.ts'
import { lowContrasts, namelessControls, overflowing } from './accessibility.ts'
import { openFakeHouse } from './fake-house.ts'
import type { Change, Zone } from './page/src/tariffs-api.ts'

const rights = ['tariffs.read', 'tariffs.edit', 'queues.read']
const weather = { temperature: -3, rain: 0, snow: 1.4, wind: 5, isIcy: false, isStorm: false }
const calm: Zone = {
  zone: 'Center',
  rise: 0,
  rules: [],
  because: 'the weather is calm',
  by: 'weather',
  isLost: false,
}

test('the history of tariffs in a real browser', { skip: needs.chromium(), timeout: 120_000 }, async (t) => {
  await using house = await openFakeHouse()
  const { work } = house
  const browser = await openBrowser()
  t.after(() => browser.close())
  house.me = { name: 'boss', role: 'supervisor', rights }

  const hour = 3_600_000
  const since = Date.now()
  const change = (id: number, about: Partial<Change>): Change => ({
    id,
    zone: 'Center',
    at: since - (100 - id) * hour,
    before: 0,
    rise: 20,
    rules: [],
    because: 'the weather is calm',
    by: 'weather',
    doneAt: since,
    ...about,
  })
  const { doneAt: _, ...snow } = change(60, { rules: ['snowfall'], because: 'snow 1.4 mm/h', weather })
  const calmAgain = change(59, { before: 30, rise: 0, because: 'the weather is calm after user:ann' })
  const byAnn = change(58, { rise: 30, because: 'a match', by: 'user:ann' })
  const older = Array.from({ length: 57 }, (_, index) => change(57 - index, {}))

  async function open() {
    const context = await browser.newContext({ locale: 'en-GB', reducedMotion: 'reduce' })
    const page = await context.newPage()
    page.setDefaultTimeout(15_000)
    return page
  }
  async function onTariffs() {
    const page = await open()
    await page.goto(`${house.address}/sign-in/once`)
    await page.getByRole('link', { name: 'Tariffs' }).click()
    await page.getByRole('table', { name: 'History' }).waitFor()
    return page
  }

  await t.test('what rose and fell, why, by whom and whether it took effect, the latest first', async () => {
    work.tariffs = { isOn: true, zones: [calm] }
    work.changes = [snow, calmAgain, byAnn, ...older]
    const page = await onTariffs()
    assert.equal(await page.title(), 'Tariffs · Taxi Zirka')
    const rows = page.getByRole('table', { name: 'History' }).locator('tbody').getByRole('row')
    const told = (await rows.allInnerTexts()).slice(0, 3).map((text) => text.split(/\s+/).slice(3).join(' '))
    assert.deepEqual(told, [
      'up 0 % → +20 % snowfall -3 °C, snow 1.4 mm/h, wind 5 m/s the weather not yet',
      'down +30 % → 0 % the weather is calm (after: ann) the weather carried out',
      'up 0 % → +30 % a match ann carried out',
    ])
    assert.equal(await rows.count(), 50)
    await page.getByRole('button', { name: 'Older ones' }).click()
    await rows.nth(59).waitFor()
    assert.equal(await page.getByRole('button', { name: 'Older ones' }).count(), 0)

    work.changes = [{ ...snow, doneAt: since }, ...work.changes.slice(1)]
    work.tariffs = { isOn: true, zones: [{ ...calm, ...snow, weather }] }
    const { zone, rise, before, because, by } = snow
    house.happen('tariff.changed', { zone, rise, before, rules: ['snowfall'], because, by })
    await rows.first().getByText('carried out').waitFor()
    assert.equal(await rows.count(), 60)
    await page.getByRole('region', { name: 'Center' }).getByText('+20').waitFor()
    await page.context().close()
  })

  await t.test('a person decides for a while with the keyboard alone, and puts the rules back', async () => {
    work.tariffs = { isOn: true, zones: [calm] }
    const page = await onTariffs()
    await page.getByLabel('Percent up').fill('25')
    await page.keyboard.press('Tab')
    await page.keyboard.type('90')
    await page.keyboard.press('Tab')
    await page.keyboard.type('a match')
    const override = { rise: 25, until: since + 48 * hour, by: 'user:boss', because: 'a match' }
    work.tariffs = {
      isOn: true,
      zones: [{ ...calm, rise: 25, by: 'user:boss', because: 'a match', override }],
    }
    await page.keyboard.press('Enter')
    await work.asked('PUT zones/Center/override {"rise":25,"minutes":90,"because":"a match"}')
    const zone = page.getByRole('region', { name: 'Center' })
    await zone.getByText(/^By hand until .*: boss$/).waitFor()

    work.refusal = 'Not now.'
    const back = zone.getByRole('button', { name: 'Back to the rules: Center' })
    await back.click()
    await work.asked('DELETE zones/Center/override {}')
    await zone.getByRole('alert').getByText('Not now.').waitFor()
    work.tariffs = { isOn: true, zones: [calm] }
    await back.click()
    await work.asked('DELETE zones/Center/override {}')
    await back.waitFor({ state: 'detached' })
    await page.context().close()
  })

  await t.test('who may only look sees no buttons, and a switched-off house says so', async () => {
    house.me.rights = ['tariffs.read']
    work.tariffs = { isOn: false, zones: [calm] }
    const page = await onTariffs()
    await page.getByText('Weather tariffs are switched off').waitFor()
    assert.equal(await page.getByLabel('Percent up').count(), 0)
    house.me.rights = rights
    await page.context().close()
  })

  await t.test('where the plugin is not there, nothing is asked of it and no page leads to it', async () => {
    house.plugins = ['queue']
    const page = await open()
    const asked: string[] = []
    page.on('request', (request) => asked.push(new URL(request.url()).pathname))
    const queues = page.waitForResponse((response) => response.url().endsWith('/api/plugins/queue/queues'))
    await page.goto(`${house.address}/sign-in/once`)
    await queues
    await page.getByRole('heading', { name: 'Live calls' }).waitFor()
    assert.deepEqual(
      asked.filter((path) => path.includes('weather-tariffs')),
      [],
    )
    assert.equal(await page.getByRole('link', { name: 'Tariffs' }).count(), 0)
    house.plugins = ['queue', 'weather-tariffs']
    await page.context().close()
  })

  await t.test('everything can be read and named, wide and narrow, light and dark', async () => {
    const page = await onTariffs()
    assert.deepEqual(await page.evaluate(namelessControls), [])
    for (const language of ['uk', 'ru', 'pl']) {
      await page.locator('.preferences select').first().selectOption(language)
      await page.locator(`html[lang=${language}]`).waitFor()
      for (const width of [1280, 390]) {
        await page.setViewportSize({ width, height: 800 })
        assert.deepEqual(await page.evaluate(overflowing), [], `${language}, ${width} px`)
      }
    }
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      assert.deepEqual(await page.evaluate(lowContrasts, 4.5), [])
    }
    await page.context().close()
  })
})
