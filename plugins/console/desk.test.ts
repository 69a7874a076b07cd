import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openBrowser } from '../../test/support/chromium.ts'
import { needs } from '../../test/support/needs.ts'
import { lowContrasts, namelessControls, overflowing } from './accessibility.ts'
import { type FakeHouse, openFakeHouse } from './fake-house.ts'
import type { Operator, Talk } from './page/src/work-api.ts'

const client = '+380671234567'
const shown = '067\u00a0123\u00a04567'
const rights = ['operators.move', 'talks.control', 'queues.read', 'phones.read', 'tariffs.read']
const olena: Operator = {
  id: 'olena',
  name: 'Олена',
  user: 'olena',
  extension: '101',
  state: 'ready',
  since: Date.now(),
  flags: [],
}
const taras: Operator = { ...olena, id: 'taras', name: 'Тарас', user: 'taras', extension: '102' }

test('the operator’s desk in a real browser', { skip: needs.chromium(), timeout: 120_000 }, async (t) => {
  await using house = await openFakeHouse()
  const { work } = house
  const browser = await openBrowser()
  t.after(() => browser.close())

  async function atDesk() {
    const context = await browser.newContext({ locale: 'en-GB', reducedMotion: 'reduce' })
    const page = await context.newPage()
    page.setDefaultTimeout(15_000)
    await page.goto(`${house.address}/sign-in/once`)
    await page.locator('.desk').waitFor()
    return page
  }

  house.me = { name: 'olena', role: 'operator', rights }
  work.queues = [
    { name: 'operators', strategy: { is: 'longest_idle' }, isChanged: false, atWork: 1, waiting: [] },
    { name: 'reserve', strategy: { is: 'ring_all' }, isChanged: false, atWork: 1, waiting: [] },
  ]

  await t.test(
    'an operator begins at her desk: work with her extension, a pause with its reason',
    async () => {
      work.operators = [{ ...olena, state: 'signed_out' }, taras]
      const page = await atDesk()
      assert.equal(await page.title(), 'My desk · Taxi Zirka')
      await page.getByLabel('Your phone').fill('105')
      await page.keyboard.press('Enter')
      await work.asked('POST operators/olena/sign-in {"extension":"105"}')
      changed({ state: 'ready', extension: '105' })
      await page.getByText('phone 105').waitFor()

      const reasons = page.getByLabel('Why the pause')
      await reasons.getByRole('option', { name: 'Заправка' }).waitFor({ state: 'attached' })
      assert.deepEqual(await reasons.getByRole('option').allTextContents(), ['lunch', 'Заправка'])
      await reasons.selectOption('lunch')
      await page.getByRole('button', { name: 'Pause' }).click()
      await work.asked('POST operators/olena/pause {"reason":"lunch"}')
      changed({ state: 'not_ready', reason: 'lunch', extension: '105' })
      await page.getByRole('status').getByText('Pause: lunch').waitFor()
      await page.getByRole('button', { name: 'Ready' }).click()
      await work.asked('POST operators/olena/ready {}')
      await page.context().close()
    },
  )

  await t.test(
    'while her phone rings she sees who calls and why, and has it answer or has to lift it',
    async () => {
      work.operators = [olena, taras]
      const queues = Promise.withResolvers<void>()
      work.queuesAnswered = queues.promise
      const page = await atDesk()
      await page.getByText('A client appears here when your phone rings.').waitFor()
      ring(house, 'first')
      const order = { id: '77', stage: 'arrived', stateName: 'На месте', hasDriver: true }
      const known = {
        call: 'first',
        isVip: true,
        orders: 1,
        order: { ...order, pickup: 'Хрещатик, 1' },
      }
      work.cards.set('first', known)
      offer()
      const card = page.getByRole('region', { name: 'Your phone rings' })
      work.queuesAnswered = undefined
      queues.resolve()
      await card.getByText(shown).waitFor()
      await card.getByText('the car is there').waitFor()
      await card.getByText('Хрещатик, 1').waitFor()
      await card.getByText('Lift the handset').waitFor()
      assert.equal(await card.getByRole('button', { name: 'Hold' }).count(), 0)

      house.happen('order.stage-changed', { order: '77', stage: 'client_in_car', stateName: 'Выполняется' })
      await card.getByText('the client is in the car').waitFor()

      work.cards.set('first', { ...known, answersItself: true })
      house.happen('call.identified', { call: 'first', lookedUp: true, kind: 'client' })
      const answer = card.getByRole('button', { name: 'Answer' })
      work.refusal = 'That cannot be done in call first: 101 does not ring for it.'
      await answer.click()
      await card.getByRole('alert').getByText('101 does not ring for it').waitFor()
      await work.asked('POST calls/first/answer {}')
      await answer.click()
      await work.asked('POST calls/first/answer {}')
      assert.equal(await card.getByText('Lift the handset to answer').count(), 0)
      await page.context().close()
    },
  )

  await t.test(
    'her talk is held, and the client given on at once, after a word, to driver or queue',
    async () => {
      work.operators = [{ ...olena, state: 'talking', call: 'first' }, taras]
      work.talks = [talk()]
      const page = await atDesk()
      work.operators = [{ ...olena, state: 'talking', call: 'first', next: 'signed_out' }, taras]
      await page.getByRole('button', { name: 'Sign out of work' }).click()
      await work.asked('POST operators/olena/sign-out {}')
      await page.getByText('after the call: Signed out').waitFor()

      const card = page.getByRole('region', { name: 'You talk with the client' })
      await card.getByRole('button', { name: 'Hold' }).focus()
      await page.keyboard.press('Enter')
      await work.asked('POST talks/first/hold {}')
      moved({ state: 'held' }, 'call.held')
      await page.getByRole('button', { name: 'Back to the client' }).waitFor()
      assert.match(
        (await page.evaluate(() => document.activeElement?.textContent)) ?? '',
        /Back to the client/,
      )

      const whom = page.getByRole('combobox', { name: 'Give the client on' })
      await whom.selectOption('phone 102')
      await page.getByRole('button', { name: 'At once' }).click()
      await work.asked('POST talks/first/transfer {"to":"102"}')
      await whom.selectOption('driver')
      work.refusal = 'That cannot be done in call first: the order has no driver.'
      await page.getByRole('button', { name: 'At once' }).click()
      await page.getByRole('alert').getByText('the order has no driver').waitFor()
      await whom.selectOption('place reserve')
      assert.equal(await page.getByRole('button', { name: 'Ask first' }).count(), 0)
      await page.getByRole('button', { name: 'At once' }).click()
      await work.asked('POST talks/first/transfer {"place":"reserve"}')

      await whom.selectOption('number')
      await page.getByLabel('Another number').last().fill('050 111 22 33')
      await page.getByRole('button', { name: 'Ask first' }).click()
      await work.asked('POST talks/first/consult {"to":"+380501112233"}')
      moved({ state: 'consulting', others: [{ phone: '+380501112233', as: 'consulted' }] }, 'call.unheld')
      await page.getByText('is asked').waitFor()
      for (const [name, verb] of [
        ['Talk with the other one', 'swap'],
        ['All three', 'conference'],
        ['Join the two', 'complete'],
        ['Back to the client alone', 'cancel'],
      ] as const) {
        await page.getByRole('button', { name, exact: true }).click()
        await work.asked(`POST talks/first/${verb} {}`)
      }
      await page.context().close()
    },
  )

  await t.test(
    'a second client rings during her talk: she sees why, leaves him to others or takes him, and goes back',
    async () => {
      work.operators = [{ ...olena, state: 'talking', call: 'first' }, taras]
      work.talks = [talk()]
      const order = { id: '88', stage: 'assigned', stateName: '', hasDriver: true }
      work.cards.set('second', { call: 'second', isVip: false, answersItself: true, orders: 1, order })
      const page = await atDesk()
      const present = page.getByRole('region', { name: 'You talk with the client' })
      await present.getByText(shown).waitFor()
      ring(house, 'second', '+380501112233')
      const card = page.getByRole('region', { name: 'A second client rings' })
      offer('second')
      await card.getByText('050\u00a0111\u00a02233').waitFor()
      await card.getByText('a car is found').waitFor()
      await present.getByText(shown).waitFor()
      await card.getByRole('button', { name: 'Leave to others' }).click()
      await work.asked('POST operators/olena/decline {}')
      house.happen('call.operator-missed', {
        call: 'second',
        leg: 'l2',
        operator: '101',
        outcome: 'cancelled',
      })
      await card.waitFor({ state: 'detached' })

      work.cards.set('second', { call: 'second', isVip: false, orders: 1, order })
      offer('second')
      await card.getByText('Press the key of the second line').waitFor()
      assert.equal(await card.getByRole('button', { name: 'Take' }).count(), 0)
      work.cards.set('second', { call: 'second', isVip: false, answersItself: true, orders: 1, order })
      house.happen('call.identified', { call: 'second', lookedUp: true, kind: 'client' })
      await card.getByRole('button', { name: 'Take' }).click()
      await work.asked('POST talks/first/hold {}')
      await work.asked('POST calls/second/answer {}')

      work.talks = [talk({ state: 'held' }), talk({ call: 'second' })]
      changed({ state: 'talking', call: 'second', extension: '101' })
      await present.getByText('050\u00a0111\u00a02233').waitFor()
      const other = page.getByRole('region', { name: 'On the other line' })
      await other.getByText(shown).waitFor()
      await other.getByRole('button', { name: 'Back to this client' }).click()
      await work.asked('POST talks/second/hold {}')
      await work.asked('POST talks/first/unhold {}')
      await page.context().close()
    },
  )

  await t.test('who cannot take the second client has the first one back', async () => {
    work.operators = [{ ...olena, state: 'talking', call: 'first' }, taras]
    work.talks = [talk()]
    const page = await atDesk()
    await page.getByRole('region', { name: 'You talk with the client' }).waitFor()
    offer('second')
    const card = page.getByRole('region', { name: 'A second client rings' })
    const refused = 'That cannot be done in call second: 101 does not ring for it.'
    work.refusal = { what: 'POST calls/second/answer {}', because: refused }
    await card.getByRole('button', { name: 'Take' }).click()
    await card.getByRole('alert').getByText('101 does not ring for it').waitFor()
    for (const what of ['talks/first/hold', 'calls/second/answer', 'talks/first/unhold'])
      await work.asked(`POST ${what} {}`)
    await page.context().close()
  })

  await t.test(
    'he is parked or let go, a note is kept also after the talk, and the day is counted',
    async () => {
      work.operators = [{ ...olena, state: 'talking', call: 'first' }, taras]
      work.talks = [talk()]
      const page = await atDesk()
      await page.getByRole('button', { name: 'Park' }).click()
      await work.asked('POST talks/first/park {}')
      work.parked = [{ slot: 701, call: 'first', from: '101', since: Date.now() }]
      house.happen('call.parked', { call: 'first', slot: 701, from: '101', by: 'user:olena' })
      await page.getByRole('button', { name: 'Take: 701' }).click()
      await work.asked('POST parked/701/pick-up {}')
      await page.getByRole('button', { name: 'Hang up' }).click()
      await work.asked('POST talks/first/hang-up {}')

      work.days = [{ ...nothing, operator: 'olena', answered: 12, talking: 754, occupancy: 0.5 }]
      work.talks = []
      work.parked = []
      changed({ state: 'wrap_up', extension: '101' })
      await page.getByText('12:34').waitFor()
      await page.getByLabel('Note').fill('lost a bag / in the car')
      await page.getByRole('button', { name: 'Keep the note' }).click()
      await work.asked('POST calls/first/notes {"text":"lost a bag / in the car"}')
      await page.getByText('It stands in the story.').waitFor()

      house.happen('call.noted', { call: 'first', text: 'lost a bag', by: 'user:olena' })
      await page.getByRole('button', { name: 'Story of the call' }).click()
      const story = page.getByRole('complementary', { name: 'Call story' })
      await story.getByText('Note: “lost a bag”').waitFor()
      await page.keyboard.press('Escape')
      await story.waitFor({ state: 'detached' })
      assert.match(page.url(), /#\/desk$/)
      await page.context().close()
    },
  )

  await t.test('what she has no right to is not shown; who takes no calls has no desk', async () => {
    work.operators = [{ ...olena, state: 'talking', call: 'first' }, taras]
    work.talks = [talk()]
    house.me.rights = ['operators.move', 'queues.read']
    const page = await atDesk()
    await page.getByText(shown).waitFor()
    assert.equal(await page.getByRole('button', { name: 'Hold' }).count(), 0)
    assert.equal(await page.getByLabel('Note').count(), 0)
    assert.equal(await page.getByRole('link', { name: 'Floor' }).count(), 0)
    await page.getByRole('link', { name: 'Calls', exact: true }).click()
    await page.getByRole('heading', { name: 'Live calls' }).waitFor()

    house.me = { name: 'boss', role: 'operator', rights }
    await page.reload()
    await page.getByRole('heading', { name: 'Live calls' }).waitFor()
    assert.equal(await page.getByRole('link', { name: 'My desk' }).count(), 0)
    house.me = { name: 'olena', role: 'operator', rights }
    await page.context().close()
  })

  await t.test('prices raised for the weather are told above everything', async () => {
    const zone = { rules: [], by: 'weather', isLost: false }
    work.tariffs = {
      isOn: true,
      zones: [
        { ...zone, zone: 'Center', rise: 20, because: 'Heavy rain' },
        { ...zone, zone: 'North', rise: 0, because: '' },
      ],
    }
    const page = await atDesk()
    const banner = page.getByRole('region', { name: 'Prices raised for the weather' })
    await banner.getByText('Center: prices are 20 % up.').waitFor()
    assert.equal(await banner.getByRole('listitem').count(), 1)
    await page.context().close()
  })

  await t.test('each language has its own words, and everything can be read and named', async () => {
    work.talks = [talk({ others: [{ phone: '105', as: 'conference' }] })]
    work.days = [{ ...nothing, operator: 'olena', answered: 12 }]
    const page = await atDesk()
    await page.getByRole('button', { name: 'Hold' }).waitFor()
    await page.getByText('Calls taken').waitFor()
    for (const [language, heading] of Object.entries(headings)) {
      await page.getByRole('combobox', { name: languageWords }).selectOption(language)
      await page.getByRole('heading', { name: heading }).waitFor()
      for (const width of [1280, 390]) {
        await page.setViewportSize({ width, height: 800 })
        assert.deepEqual(await page.evaluate(overflowing), [], `${language}, ${width} px`)
      }
    }
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      assert.deepEqual(await page.evaluate(lowContrasts, 4.5), [])
    }
    assert.deepEqual(await page.evaluate(namelessControls), [])
    await page.context().close()
  })

  function changed(about: { state: string; reason?: string; extension?: string; call?: string }) {
    house.happen('operator.changed', { operator: 'olena', user: 'olena', ...about })
  }

  function offer(call = 'first') {
    const about = { call, entry: `of ${call}`, queue: 'operators' }
    house.happen('queue.entered', { ...about, position: 1, priority: 0 })
    house.happen('queue.offered', { ...about, operator: 'olena', extension: '101' })
    if (call === 'first') changed({ state: 'ringing', extension: '101' })
  }

  function talk(about: Partial<Talk> = {}): Talk {
    return { call: 'first', state: 'together', with: '101', others: [], ...about }
  }

  function moved(about: Partial<Talk>, fact: 'call.held' | 'call.unheld') {
    work.talks = [talk(about)]
    const data = { call: 'first', talk: 't', with: '101' }
    if (fact === 'call.held') house.happen(fact, { ...data, by: 'user:olena' })
    else house.happen(fact, { ...data, seconds: 1 })
  }
})

const headings = { ru: 'Моё место', uk: 'Моє місце', pl: 'Moje stanowisko', en: 'My desk' }
const languageWords = /Language|Язык|Мова|Język/
const nothing = { ready: 0, talking: 0, hold: 0, wrapUp: 0, notReady: 0, answered: 0, unanswered: 0 }

function ring(house: FakeHouse, call: string, from = client): void {
  house.happen('call.offered', { call, leg: `leg-${call}`, from, to: '838', line: 'City' })
}
