import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { openBrowser } from '../../test/support/chromium.ts'
import { needs } from '../../test/support/needs.ts'
import { lowContrasts, namelessControls, overflowing } from './accessibility.ts'
import { type FakeHouse, openFakeHouse } from './fake-house.ts'

const from = '+380671234567'
const shown = '067\u00a0123\u00a04567'

test('the console in a real browser', { skip: needs.chromium(), timeout: 120_000 }, async (t) => {
  await using house = await openFakeHouse()
  const browser = await openBrowser()
  t.after(() => browser.close())

  async function open(options: { language?: string; theme?: 'light' | 'dark'; width?: number } = {}) {
    const { language = 'en-GB', theme = 'light', width = 1280 } = options
    const context = await browser.newContext({
      locale: language,
      colorScheme: theme,
      viewport: { width, height: 800 },
      reducedMotion: 'reduce',
    })
    const page = await context.newPage()
    page.setDefaultTimeout(15_000)
    return page
  }

  async function signedIn(options: Parameters<typeof open>[0] = {}) {
    const page = await open(options)
    await page.goto(`${house.address}/sign-in/once`)
    await page.locator('#live').waitFor()
    await page.locator('.neighbours li').first().waitFor()
    return page
  }

  house.neighbours.push({ name: 'exchange', state: 'connected' }, { name: 'dispatch', state: 'connected' })

  await t.test('a wrong password is told in a sentence, the right one opens the calls', async () => {
    const page = await open()
    await page.goto(house.address)
    await page.getByLabel('Name').fill('olena')
    await page.getByLabel('Password').fill('wrong')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').getByText('The name or the password is wrong').waitFor()

    await page.getByLabel('Password').fill('right')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('Nobody is calling now').waitFor()
    assert.equal(await page.title(), 'Calls · Taxi Zirka')
    await page.context().close()
  })

  await t.test('who opens a link that was used already is told so at the door', async () => {
    const page = await open()
    await page.goto(`${house.address}/?link=used`)
    await page.getByRole('alert').getByText('This link was used before').waitFor()
    await page.context().close()
  })

  await t.test('a call appears at its first ring, moves and ends without a reload', async () => {
    const page = await signedIn()
    ring(house, 'first')
    const row = page.getByRole('table', { name: 'Live calls' }).getByRole('row').filter({ hasText: shown })
    await row.getByRole('cell', { name: 'Ringing', exact: true }).waitFor()

    house.happen('call.identified', { call: 'first', kind: 'client', lookedUp: true })
    await row.getByRole('cell', { name: 'Client', exact: true }).waitFor()
    house.happen('call.waiting', { call: 'first', place: 'operators', priority: 0 })
    await row.getByRole('cell', { name: 'Waiting', exact: true }).waitFor()
    assert.match((await row.locator('.timer').textContent()) ?? '', /^\d:\d\d$/)
    house.happen('call.talking', { call: 'first', talk: 't', leg: 'l', with: '101' })
    await row.getByRole('cell', { name: 'Talks to 101' }).waitFor()

    house.happen('call.ended', { call: 'first', result: 'answered', because: 'the caller left' })
    await row.waitFor({ state: 'detached' })
    await page
      .getByRole('table', { name: 'Recent calls' })
      .getByRole('cell', { name: 'Talked', exact: true })
      .waitFor()
    await page.context().close()
  })

  await t.test('a figure opens the list of its calls', async () => {
    const page = await signedIn()
    ring(house, 'rings', '+380501112233')
    ring(house, 'waits')
    house.happen('call.waiting', { call: 'waits', place: 'operators', priority: 0 })
    await page.getByRole('button', { name: '1 Waiting' }).click()
    await page.locator('[data-call=rings]').waitFor({ state: 'detached' })
    assert.equal(await page.locator('.live [data-call]').count(), 1)
    await page.context().close()
  })

  await t.test('client and driver of the order of a call are joined by a button, once', async () => {
    const page = await signedIn()
    ring(house, 'chases')
    house.happen('call.about-order', { call: 'chases', order: '77', by: 'order-status' })
    await page.locator('[data-call=chases]').click()
    const story = page.getByRole('complementary', { name: 'Call story' })
    await story.getByRole('button', { name: 'Join client and driver of order 77' }).click()
    await story.getByRole('button', { name: 'Their phones are being rung', disabled: true }).waitFor()
    assert.deepEqual(house.joins, ['77'])

    house.happen('call.about-order', { call: 'chases', order: '78', by: 'order-status' })
    await story.getByRole('button', { name: 'Join client and driver of order 78' }).click()
    await story.getByRole('alert').getByText('They were joined too often.').waitFor()
    house.happen('call.ended', { call: 'chases', result: 'answered', because: 'the caller left' })
    await page.context().close()
  })

  await t.test('a story is opened, read and closed by keyboard only', async () => {
    const page = await signedIn()
    house.happen('call.screened', {
      call: 'rings',
      by: 'blacklist',
      verdict: 'refuse',
      because: 'rude to drivers',
    })
    const caller = page.locator('[data-call=rings]')
    await caller.waitFor()
    await tabTo(page, 'rings')
    await page.keyboard.press('Enter')
    const story = page.getByRole('complementary', { name: 'Call story' })
    await story.getByText('calls the line “City”').waitFor()
    await story.getByText('Decided by: number lists, because rude to drivers').waitFor()
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'story-heading')

    house.happen('call.answered', { call: 'rings' })
    await story.getByText('We picked up').waitFor()

    await page.keyboard.press('Escape')
    await story.waitFor({ state: 'detached' })
    await page.waitForFunction(() => document.activeElement?.getAttribute('data-call') === 'rings')
    await page.context().close()
  })

  await t.test('a phone typed as people write it finds its calls', async () => {
    const page = await signedIn()
    await page.keyboard.press('/')
    await page.keyboard.type('050 111 22 33')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Calls of 050' }).waitFor()
    assert.equal(await page.locator('.ended [data-call]').count(), 1)
    await page.context().close()
  })

  await t.test('rows keep their places while the pointer is among them', async () => {
    const page = await withStoppedClock(await signedIn())
    await page.locator('.live [data-call=waits]').hover()
    house.happen('call.ended', { call: 'rings', result: 'lost', because: 'the caller left' })
    await page.locator('.live .row.is-ended [data-call=rings]').waitFor()
    await page.mouse.move(0, 0)
    await page.locator('.live [data-call=rings]').waitFor({ state: 'detached' })
    await page.context().close()
  })

  await t.test('a silent line gets a veil with its age, and loses it when it speaks again', async () => {
    const page = await withStoppedClock(await signedIn())
    house.beat()
    house.beat()
    house.happen('call.identified', { call: 'waits', kind: 'driver', lookedUp: true })
    await page.getByRole('cell', { name: 'Driver', exact: true }).waitFor()

    await page.clock.fastForward(4_000)
    assert.equal(await page.getByRole('status').textContent(), '')
    await page.clock.fastForward(8_000)
    await page.getByText('No fresh data for 12 s').waitFor()
    assert.match((await page.getByRole('status').textContent()) ?? '', /reconnecting/)
    house.beat()
    await page.getByText('No fresh data').waitFor({ state: 'detached' })
    await page.context().close()
  })

  await t.test('a neighbour that is lost is told by shape, colour and word, with the reason', async () => {
    const page = await signedIn()
    house.happen('connection.changed', {
      neighbour: 'dispatch',
      state: 'lost',
      because: `no answer${' at all'.repeat(40)}`,
    })
    await page.getByRole('list', { name: 'Neighbours' }).getByText('no connection').waitFor()
    await page.getByRole('list', { name: 'Neighbours' }).getByText('no answer').waitFor()
    assert.equal(await page.locator('.neighbours .is-alarm .shape').count(), 1)
    const isScrolling = 'document.documentElement.scrollWidth > document.documentElement.clientWidth'
    await page.setViewportSize({ width: 390, height: 800 })
    assert.equal(await page.evaluate(isScrolling), false, 'a long reason breaks no narrow screen')
    await page.context().close()
  })

  await t.test('each language has its own words, chosen by the browser', async () => {
    const headings = { 'ru-RU': 'Текущие звонки', 'uk-UA': 'Поточні дзвінки', 'pl-PL': 'Bieżące połączenia' }
    for (const [language, heading] of Object.entries(headings)) {
      const page = await signedIn({ language })
      await page.getByRole('heading', { name: heading }).waitFor()
      assert.equal(await page.getAttribute('html', 'lang'), language.slice(0, 2))
      await page.context().close()
    }
  })

  for (const theme of ['light', 'dark'] as const) {
    for (const width of [1280, 390]) {
      await t.test(`everything can be read and named: ${theme}, ${width} px`, async () => {
        const page = await signedIn({ theme, width })
        await page.locator('.live [data-call=waits]').waitFor()
        assert.deepEqual(await page.evaluate(lowContrasts, 4.5), [])
        assert.deepEqual(await page.evaluate(namelessControls), [])
        assert.deepEqual(await page.evaluate(overflowing), [])

        await page.locator('.live [data-call=waits]').click()
        await page.locator('.facts li').first().waitFor()
        assert.deepEqual(await page.evaluate(lowContrasts, 4.5), [])
        await page.context().close()
      })
    }
  }
})

function ring(house: FakeHouse, call: string, phone = from): void {
  house.happen('call.offered', { call, leg: `leg-${call}`, from: phone, to: '838', line: 'City' })
}

/** Nothing passes on the page but what the test lets pass. */
async function withStoppedClock(page: Page): Promise<Page> {
  await page.clock.install()
  await page.reload()
  await page.locator('.live [data-call=waits]').waitFor()
  await page.clock.pauseAt(Date.now() + 60_000)
  return page
}

async function tabTo(page: Page, call: string): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    await page.keyboard.press('Tab')
    if ((await page.evaluate(() => document.activeElement?.getAttribute('data-call'))) === call) return
  }
  throw new Error(`Tab never reached the call ${call}`)
}
