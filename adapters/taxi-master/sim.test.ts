import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pino } from 'pino'
import { parse } from 'yaml'
import { realClock } from '#core/clock.ts'
import { startCallbus } from '../../test/support/command.ts'
import { openEar } from '../../test/support/ear.ts'
import { until } from '../../test/support/until.ts'
import { adapter } from './adapter.ts'
import { sim } from './sim.ts'
import { completed } from './simulator/connected.ts'
import { misbehaviours } from './simulator/misbehaviours.ts'
import { openReports } from './simulator/reports.ts'

const log = pino({ level: 'silent' })
const site = { name: 'test', country: 'UA', dataFolder: '/nowhere' }

/** Opens it and answers with what it printed. */
async function open(cleanup: AsyncDisposableStack, ...words: string[]): Promise<string> {
  let printed = ''
  const problem = await sim({
    words: ['--port', '0', ...words],
    cleanup,
    print: (text) => {
      printed += text
    },
  })
  assert.equal(problem, undefined)
  return printed
}

function settingsIn(printed: string) {
  const text = printed.slice(printed.indexOf('adapters:'), printed.indexOf('Ctrl-C'))
  return completed({ ...parse(text).adapters['taxi-master'], watchSeconds: 0 })
}

async function connect(cleanup: AsyncDisposableStack, printed: string) {
  const { reported, report, connectionTold } = openReports()
  const settings = settingsIn(printed)
  const dispatch = await adapter.connect({ settings, report, cleanup, clock: realClock, log, site })
  await connectionTold
  return { dispatch, reported }
}

test('it prints all that is needed to reach it, and closes by Ctrl-C', async () => {
  await using cleanup = new AsyncDisposableStack()
  await using running = startCallbus(['sim', 'taxi-master', '--port', '0', '--speed', '50'], { folder: '/' })
  const [printed] = await running.prints(/[\s\S]*Ctrl-C closes it\./)
  assert.match(printed, /CommonAPI +https:\/\/127\.0\.0\.1:\d+\/common_api\/1\.0\/ +key \S+/)
  const { dispatch } = await connect(cleanup, printed)
  const card = await dispatch.identify('+380500000001', AbortSignal.timeout(20_000))
  assert.equal(card.kind, 'driver')
  running.interrupt()
  assert.equal((await running.ended()).code, 0)
})

test('its city speaks to the Oktell that it is given', async () => {
  await using cleanup = new AsyncDisposableStack()
  const ear = cleanup.use(await openEar())
  await open(cleanup, '--oktell', ear.url, '--event-secret', 'long enough', '--speed', '2000')
  const isTold = (page: string) => ear.heard.some((text) => text.includes(page))
  await until(() => isTold('/execsvcscript?name=') && isTold('/order-event?secret=long+enough'), {
    what: 'scripts and events to come',
  })
})

test('it is ill in every way it knows, and closes all the same', async () => {
  for (const name of Object.keys(misbehaviours)) {
    const cleanup = new AsyncDisposableStack()
    assert.match(await open(cleanup, '--misbehave', name), new RegExp(`Misbehaves +${name}: `))
    await cleanup.disposeAsync()
  }
})

test('down it is away, off it refuses', async () => {
  await using cleanup = new AsyncDisposableStack()
  const { reported } = await connect(cleanup, await open(cleanup, '--misbehave', 'down'))
  const told = reported.at(-1)
  assert.ok(told?.name === 'connection.changed' && told.state === 'lost')
  const { dispatch } = await connect(cleanup, await open(cleanup, '--misbehave', 'off'))
  await assert.rejects(dispatch.tariffs(AbortSignal.timeout(20_000)), /code 3/)
})

for (const [words, sentence] of [
  [['--speed', 'fast'], /^Write a number from 0\.01 to 100000 after --speed$/],
  [['--misbehave', 'slow,sulky'], /^It cannot misbehave as `sulky`\. Known are:\n {2}slow /],
  [['--oktell', 'here'], /^Write an address after --oktell/],
  [['--sped', '2'], /--sped/],
] as const) {
  test(`\`${words.join(' ')}\` is answered by a sentence`, async () => {
    const cleanup = new AsyncDisposableStack()
    const problem = await sim({ words: [...words], cleanup, print: () => assert.fail('nothing is opened') })
    assert.match(problem ?? '', sentence)
  })
}
