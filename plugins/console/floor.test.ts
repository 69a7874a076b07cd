import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openBrowser } from '../../test/support/chromium.ts'
import { needs } from '../../test/support/needs.ts'
import { lowContrasts, namelessControls, overflowing } from './accessibility.ts'
import { openFakeHouse } from './fake-house.ts'
import type { Operator } from './page/src/work-api.ts'

const first = '067\u00a0123\u00a04567'
const rights = [
  'queues.read',
  'queues.edit',
  'operators.move',
  'operators.move-any',
  'talks.control',
  'talks.supervise',
]
const operator = (id: string, about: Partial<Operator>): Operator => ({
  id,
  name: id,
  user: id,
  state: 'ready',
  since: Date.now(),
  flags: [],
  ...about,
})

test('the supervisor’s floor in a real browser', { skip: needs.chromium(), timeout: 120_000 }, async (t) => {
  await using house = await openFakeHouse()
  const { work } = house
  const browser = await openBrowser()
  t.after(() => browser.close())
  house.me = { name: 'boss', role: 'supervisor', rights }

  async function onFloor() {
    const context = await browser.newContext({ locale: 'en-GB', reducedMotion: 'reduce' })
    const page = await context.newPage()
    page.setDefaultTimeout(15_000)
    await page.goto(`${house.address}/sign-in/once`)
    await page.getByRole('link', { name: 'Floor' }).click()
    await page.getByRole('table', { name: 'Operators', exact: true }).waitFor()
    return page
  }

  const since = Date.now()
  for (const [call, from] of [
    ['waits', '+380671234567'],
    ['talks', '+380501112233'],
  ] as const)
    house.happen('call.offered', { call, leg: `leg-${call}`, from, to: '838', line: 'City' })
  house.happen('call.talking', { call: 'talks', talk: 't', leg: 'l', with: '101' })
  work.operators = [
    operator('Olena', { extension: '101', state: 'talking', call: 'talks', flags: ['long_hold'] }),
    operator('Taras', { extension: '102' }),
    operator('Ihor', { state: 'signed_out' }),
  ]
  const waiting = { entry: 'e1', call: 'waits', position: 1, priority: 100, offeredTo: [] }
  work.queues = [
    {
      name: 'operators',
      strategy: { is: 'longest_idle' },
      isChanged: false,
      atWork: 1.5,
      waiting: [{ ...waiting, since, arrivedAt: since, promisedAt: since - 1_000 }],
    },
    { name: 'reserve', strategy: { is: 'ring_all' }, isChanged: true, atWork: 0.5, waiting: [] },
  ]
  work.talks = [{ call: 'talks', state: 'together', with: '101', others: [] }]

  await t.test('who waits is seen with place, priority and promise, and moved to another queue', async () => {
    const page = await onFloor()
    const row = page
      .getByRole('table', { name: 'Queue “operators” 1' })
      .getByRole('row')
      .filter({ hasText: first })
    await row.getByRole('cell', { name: '100', exact: true }).waitFor()
    const about = { call: 'waits', entry: 'e1', queue: 'operators' }
    house.happen('queue.offered', { ...about, operator: 'Taras', extension: '102' })
    await row.getByRole('cell', { name: 'Taras' }).waitFor()

    await row.getByRole('button', { name: 'Move: ' }).click()
    await work.asked('POST waiting/waits/move {"to":"reserve"}')
    await row.getByRole('combobox').selectOption('operator Taras')
    await row.getByRole('button', { name: 'Move: ' }).click()
    await work.asked('POST waiting/waits/move {"operator":"Taras"}')
    assert.deepEqual(await row.getByRole('option').allTextContents(), [
      'reserve',
      'Olena · Talking',
      'Taras · Ready',
    ])
    const [queue, reserve] = work.queues
    assert.ok(queue && reserve)
    work.queues = [{ ...queue, waiting: [] }, reserve]
    house.happen('queue.left', { ...about, outcome: 'moved', seconds: 3 })
    await page.getByText('Nobody waits.').first().waitFor()
    work.queues = [queue, reserve]
    await page.context().close()
  })

  await t.test('operators are seen with state and flags, made ready, paused and sent home', async () => {
    const page = await onFloor()
    const table = page.getByRole('table', { name: 'Operators', exact: true })
    await table.getByRole('row').filter({ hasText: 'Olena' }).getByText('long hold').waitFor()
    await table.getByRole('button', { name: 'Pause: Taras' }).click()
    await work.asked('POST operators/Taras/pause {"reason":"supervisor"}')
    house.happen('operator.changed', { operator: 'Taras', state: 'not_ready', reason: 'supervisor' })
    await table.getByText('Pause: by the supervisor').waitFor()
    await table.getByRole('button', { name: 'Ready: Taras' }).click()
    await work.asked('POST operators/Taras/ready {}')
    await table.getByRole('button', { name: 'Sign out of work: Taras' }).click()
    await work.asked('POST operators/Taras/sign-out {}')
    assert.equal(await table.getByRole('button', { name: /: Ihor/ }).count(), 0)
    await page.context().close()
  })

  await t.test('a talk is attended from his own phone, taken over or moved', async () => {
    const page = await onFloor()
    const table = page.getByRole('table', { name: 'Talks' })
    await page.getByLabel('My phone').fill('105')
    for (const [name, way] of [
      ['Listen', 'listen'],
      ['Whisper', 'whisper'],
      ['Talk as well', 'barge'],
      ['Take over', 'take-over'],
    ] as const) {
      await table.getByRole('button', { name: `${name}: Olena` }).click()
      await work.asked(`POST talks/talks/attend {"way":"${way}","phone":"105"}`)
    }
    const talk = { call: 'talks', state: 'together' as const, with: '101' }
    work.talks = [{ ...talk, others: [{ phone: '105', as: 'listen' }] }]
    const about = { call: 'talks', talk: 't', leg: 'l2', phone: '105', as: 'listen' as const }
    house.happen('call.joined', { ...about, by: 'user:boss' })
    await table.getByRole('button', { name: 'Listen: Olena', pressed: true }).waitFor()
    await table.getByRole('button', { name: 'Leave' }).click()
    await work.asked('POST talks/talks/dismiss {"phone":"105"}')

    await table.getByRole('button', { name: /^Move: / }).click()
    await work.asked('POST talks/talks/transfer {"place":"operators"}')
    await page.context().close()
  })

  await t.test('a strategy is changed, and the change undone', async () => {
    const page = await onFloor()
    await page.getByLabel('Whom callers are offered to: operators').selectOption('fewest_calls')
    await page.getByRole('button', { name: 'Change', exact: true }).click()
    await work.asked('PUT queues/operators/strategy {"is":"fewest_calls"}')
    await page.getByLabel('Whom callers are offered to: operators').selectOption('weighted')
    await page.getByLabel('drawn each time').check()
    await page.getByRole('button', { name: 'Change', exact: true }).click()
    await work.asked('PUT queues/operators/strategy {"is":"weighted","by":"chance"}')
    await page.getByLabel('Whom callers are offered to: operators').selectOption('last_operator')
    await page.getByLabel('remembered, minutes').fill('30')
    await page.getByLabel('tried alone, seconds').fill('15')
    await page.getByRole('button', { name: 'Change', exact: true }).click()
    await work.asked('PUT queues/operators/strategy {"is":"last_operator","within":30,"tryFor":15}')
    await page.getByRole('button', { name: 'Undo' }).click()
    await work.asked('POST queues/reserve/strategy/undo {}')
    await page.context().close()
  })

  await t.test('a queue is widened in steps, and asks for less skill as the wait grows', async () => {
    const page = await onFloor()
    const choice = page.getByLabel('Whom callers are offered to: operators')
    await choice.selectOption('skills')
    await page.getByLabel('level falls by').fill('2')
    await page.getByLabel('every, seconds').fill('20')
    await page.getByRole('button', { name: 'Change', exact: true }).click()
    await work.asked('PUT queues/operators/strategy {"is":"skills","fall":{"levels":2,"every":20}}')

    await choice.selectOption('steps')
    const first = page.getByRole('group', { name: 'Step 1' })
    await first.getByRole('combobox').selectOption('ring_all')
    await first.getByText('everybody').click()
    await first.getByLabel('Taras').check()
    await page.getByRole('button', { name: 'Add a step' }).click()
    const second = page.getByRole('group', { name: 'Step 2' })
    await second.getByLabel('after, seconds').fill('15')
    await second.getByRole('combobox').selectOption('skills')
    await second.getByLabel('level falls by').fill('1')
    await second.getByLabel('earlier phones ring on').check()
    await page.getByRole('button', { name: 'Change', exact: true }).click()
    const steps = [
      { after: 0, strategy: { is: 'ring_all' }, who: ['Taras'] },
      { after: 15, strategy: { is: 'skills', fall: { levels: 1, every: 30 } }, keepRinging: true },
    ]
    await work.asked(`PUT queues/operators/strategy ${JSON.stringify({ is: 'steps', steps })}`)
    assert.deepEqual(await page.evaluate(namelessControls), [])
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 800 })
      assert.deepEqual(await page.evaluate(overflowing), [])
    }

    const [queue, reserve] = work.queues
    assert.ok(queue && reserve)
    work.queues = [{ ...queue, strategy: { is: 'steps', steps }, isChanged: true }, reserve]
    await page.reload()
    await first.getByText('Taras').first().waitFor()
    await page.getByRole('button', { name: 'Remove: Step 1' }).click()
    assert.equal(await second.count(), 0)
    await page.getByRole('button', { name: 'Change', exact: true }).click()
    await work.asked(
      `PUT queues/operators/strategy ${JSON.stringify({ is: 'steps', steps: steps.slice(1) })}`,
    )
    work.queues = [queue, reserve]
    await page.context().close()
  })

  await t.test('only what he may do is shown', async () => {
    house.me.rights = ['queues.read', 'talks.control', 'talks.supervise']
    const page = await onFloor()
    await page.getByRole('table', { name: 'Talks' }).waitFor()
    assert.equal(await page.getByRole('button', { name: 'Pause: Taras' }).count(), 0)
    assert.equal(await page.getByRole('button', { name: 'Undo' }).count(), 0)
    await page.getByText('longest idle').waitFor()
    await page.context().close()
    house.me.rights = rights
  })

  await t.test('everything can be read and named, wide and narrow, light and dark', async () => {
    const page = await onFloor()
    await page.getByRole('table', { name: 'Talks' }).waitFor()
    assert.deepEqual(await page.evaluate(namelessControls), [])
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 800 })
      assert.deepEqual(await page.evaluate(overflowing), [])
    }
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      assert.deepEqual(await page.evaluate(lowContrasts, 4.5), [])
    }
    await page.context().close()
  })
})
