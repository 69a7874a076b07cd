import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import Sqlite from 'better-sqlite3'
import Fastify, { type FastifyPluginAsync } from 'fastify'
import { Kysely, SqliteDialect } from 'kysely'
import { openCallBus } from '#core/call-bus/call-bus.ts'
import type { Stamped } from '#core/call-bus/events.ts'
import { CallbusError } from '#core/errors.ts'
import { openTestClock, settled } from '../../test/support/test-clock.ts'
import { silentLog } from '../../test/support/test-log.ts'
import { until } from '../../test/support/until.ts'
import { plugin } from './plugin.ts'
import { openRecordings } from './recordings.ts'
import type { RecordingTables } from './tables.ts'

const day = 24 * 60 * 60 * 1000
const gone = () =>
  new CallbusError('EXCHANGE_REFUSED', { request: 'takeRecording', status: 404, reason: 'none' })
const away = () => new CallbusError('EXCHANGE_UNREACHABLE', { reason: 'gone' })

/** One second of silence: 8 kHz, 16 bits, two channels. */
function oneSecond(): Buffer {
  const wav = Buffer.alloc(44 + 32_000)
  wav.write('RIFF', 0, 'latin1')
  wav.writeUInt32LE(32_000, 28)
  return wav
}

/** An exchange of a few lines: what it records, what it has finished, whether it can be reached. */
function openExchange() {
  const exchange = {
    running: new Set<string>(),
    finished: new Set<string>(),
    started: [] as string[],
    talking: new Map<string, string>(),
    isAway: false,
    finish: (_recording: string) => {},
    recovered: () => {},
  }
  const calls = {
    find: (id: string) => {
      const operator = exchange.talking.get(id)
      return operator === undefined ? undefined : { state: { is: 'talking', with: operator } }
    },
    async startRecording(_call: string, recording: string) {
      if (exchange.isAway) throw away()
      exchange.started.push(recording)
      exchange.running.add(recording)
    },
    async stopRecording(recording: string) {
      if (exchange.isAway) throw away()
      if (!exchange.running.delete(recording)) return
      exchange.finished.add(recording)
      exchange.finish(recording)
    },
    async takeRecording(recording: string, file: string) {
      if (exchange.isAway) throw away()
      if (!exchange.finished.has(recording)) throw gone()
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, oneSecond())
      exchange.finished.delete(recording)
      return { seconds: 1 }
    },
    onRecordingFinished(listener: (recording: string) => void) {
      exchange.finish = listener
      return () => {
        exchange.finish = () => {}
      }
    },
    onRecovered(listener: () => void) {
      exchange.recovered = listener
      return () => {
        exchange.recovered = () => {}
      }
    },
  }
  return { exchange, calls }
}

async function openSite() {
  const folder = await mkdtemp(join(tmpdir(), 'callbus-recording-'))
  const file = new Sqlite(':memory:')
  const clock = openTestClock()
  const database = new Kysely<RecordingTables>({ dialect: new SqliteDialect({ database: file }) })
  for (const migration of Object.values(plugin.migrations ?? {})) await migration.up(database)
  const world = openExchange()

  /** One life of Callbus; the exchange, the disk and the database outlive it. */
  async function live() {
    const cleanup = new AsyncDisposableStack()
    const bus = openCallBus({ clock, log: silentLog })
    const facts: Stamped[] = []
    bus.onAny((fact) => void facts.push(fact))
    const http = Fastify()
    await plugin.start({
      bus: bus.ownedBy('recording', cleanup),
      calls: world.calls,
      cleanup,
      clock,
      database,
      log: silentLog,
      http: { register: (routes: FastifyPluginAsync) => void http.register(routes) },
      site: { timeZone: 'Europe/Kyiv', dataFolder: folder },
      settings: { keepDays: 90, pruneAt: '15 3 * * *' },
    } as unknown as Parameters<typeof plugin.start>[0])
    await http.ready()
    const of = async (call = 'c1') =>
      (await http.inject(`/calls/${call}`)).json() as { id: string; state: string }[]

    return {
      http,
      facts,
      recorded: () => facts.filter(({ name }) => name === 'call.recorded'),
      talk(call = 'c1', leg = 'leg-1', operator = '101') {
        world.exchange.talking.set(call, operator)
        bus.publish('call.talking', { call, talk: `t-${call}`, leg, with: operator })
      },
      part(call = 'c1', operator = '101') {
        world.exchange.talking.delete(call)
        bus.publish('call.talk-ended', {
          call,
          talk: `t-${call}`,
          with: operator,
          because: 'the caller left',
        })
      },
      of,
      /** Waits until the recordings of the call are just so. */
      becomes: (wanted: string[], call = 'c1') =>
        until(async () => states(await of(call)).join() === wanted.join(), {
          what: `recordings ${wanted.join()}`,
        }),
      async [Symbol.asyncDispose]() {
        await cleanup.disposeAsync()
        await http.close()
      },
    }
  }

  return {
    clock,
    database,
    folder,
    live,
    exchange: world.exchange,
    calls: world.calls,
    async [Symbol.asyncDispose]() {
      await database.destroy()
      await rm(folder, { recursive: true })
    },
  }
}

const states = (recordings: { state: string }[]) => recordings.map(({ state }) => state)

test('a talk is recorded from the operator’s answer, taken home and linked in the story', async () => {
  await using site = await openSite()
  await using house = await site.live()
  house.talk()
  await house.becomes(['recording'])
  house.part()
  await house.becomes(['stored'])

  const [recording] = await house.of()
  assert.ok(recording)
  assert.deepEqual(recording, {
    id: site.exchange.started[0],
    call: 'c1',
    operator: '101',
    startedAt: site.clock.now(),
    seconds: 1,
    state: 'stored',
  })
  assert.deepEqual(
    house.facts.filter(({ name }) => name.startsWith('call.record')).map(({ name, data }) => [name, data]),
    [
      ['call.recording-started', { call: 'c1', recording: recording.id }],
      ['call.recorded', { call: 'c1', recording: recording.id, seconds: 1 }],
    ],
  )
  assert.deepEqual(await readdir(join(site.folder, 'recordings')), ['2026-01-15'])
})

test('each talk of a call has a recording of its own', async () => {
  await using site = await openSite()
  await using house = await site.live()
  house.talk('c1', 'leg-1', '101')
  house.part('c1', '101')
  house.talk('c1', 'leg-2', '102')
  house.part('c1', '102')
  await house.becomes(['stored', 'stored'])
})

test('the sound is streamed whole or by range, and unknown sound has a code', async () => {
  await using site = await openSite()
  await using house = await site.live()
  house.talk()
  house.part()
  await house.becomes(['stored'])
  const url = `/recordings/${site.exchange.started[0]}/sound`
  const whole = await house.http.inject(url)
  assert.equal(whole.statusCode, 200)
  assert.equal(whole.headers['content-type'], 'audio/wav')
  assert.equal(whole.rawPayload.length, 32_044)
  const part = await house.http.inject({ url, headers: { range: 'bytes=44-143' } })
  assert.equal(part.statusCode, 206)
  assert.equal(part.rawPayload.length, 100)
  assert.equal((await house.http.inject('/recordings/rec-none/sound')).json().code, 'NOT_FOUND')
})

test('a talk that goes on over our restart keeps its one recording', async () => {
  await using site = await openSite()
  {
    await using first = await site.live()
    first.talk()
  }
  await using second = await site.live()
  second.talk()
  site.exchange.recovered()
  await settled()
  assert.equal(site.exchange.started.length, 1)
  assert.equal(site.exchange.running.size, 1)
  assert.deepEqual(states(await second.of()), ['recording'])
  second.part()
  await second.becomes(['stored'])
  assert.equal(second.recorded().length, 1)
})

test('a talk that ended while we were away is taken at the connection, once', async () => {
  await using site = await openSite()
  {
    await using first = await site.live()
    first.talk()
  }
  site.exchange.talking.clear()
  await using second = await site.live()
  site.exchange.recovered()
  site.exchange.recovered()
  await second.becomes(['stored'])
  assert.equal(second.recorded().length, 1)
})

test('a recording that cannot be taken now is taken later, by itself or at the connection', async () => {
  await using site = await openSite()
  await using house = await site.live()
  house.talk()
  await settled()
  site.exchange.isAway = true
  house.part()
  await settled()
  await site.clock.advance(60_000)
  await until(() => site.clock.pending === 1, { what: 'another attempt is planned' })
  assert.deepEqual(states(await house.of()), ['recording'])
  site.exchange.isAway = false
  await site.clock.advance(60_000)
  await house.becomes(['stored'])
})

test('a file that was brought home before we were killed counts as stored', async () => {
  await using site = await openSite()
  {
    await using first = await site.live()
    first.talk()
  }
  const row = await site.database.selectFrom('recording_recordings').selectAll().executeTakeFirstOrThrow()
  const file = join(site.folder, 'recordings', row.file)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, oneSecond())
  site.exchange.running.clear()
  site.exchange.talking.clear()
  await using second = await site.live()
  site.exchange.recovered()
  await second.becomes(['stored'])
  assert.deepEqual(
    second.recorded().map(({ data }) => data),
    [{ call: 'c1', recording: row.id, seconds: 1 }],
  )
})

test('a recording that nobody has any more is lost, unless it is handed in late', async () => {
  await using site = await openSite()
  await using house = await site.live()
  house.talk()
  await settled()
  const [id = ''] = site.exchange.running
  site.exchange.running.clear()
  site.exchange.talking.clear()
  site.exchange.recovered()
  await house.becomes(['lost'])
  site.exchange.finished.add(id)
  site.exchange.finish(id)
  await house.becomes(['stored'])
})

test('a talk that cannot be recorded is told of as lost and harms nobody', async () => {
  await using site = await openSite()
  await using house = await site.live()
  site.exchange.isAway = true
  house.talk()
  await house.becomes(['lost'])
  assert.equal(
    house.facts.some(({ name }) => name === 'call.recording-started'),
    false,
  )
})

test('what is older than it may be is removed with its file and its empty folder', async () => {
  await using site = await openSite()
  await using house = await site.live()
  house.talk()
  house.part()
  await house.becomes(['stored'])
  await site.clock.advance(100 * day)
  house.talk('c2')
  house.part('c2')
  await house.becomes(['stored'], 'c2')

  await using cleanup = new AsyncDisposableStack()
  const recordings = openRecordings({
    bus: openCallBus({ clock: site.clock, log: silentLog }),
    calls: site.calls as never,
    cleanup,
    clock: site.clock,
    database: site.database,
    folder: join(site.folder, 'recordings'),
    log: silentLog,
    timeZone: 'Europe/Kyiv',
  })
  assert.equal(await recordings.prune(0), 0)
  assert.equal(await recordings.prune(90), 1)
  assert.deepEqual(states(await house.of('c1')), [])
  assert.deepEqual(states(await house.of('c2')), ['stored'])
  assert.deepEqual(await readdir(join(site.folder, 'recordings')), ['2026-04-25'])
})

test('a stopped plugin leaves no timer and no listener behind', async () => {
  await using site = await openSite()
  {
    await using house = await site.live()
    house.talk()
    await settled()
    site.exchange.isAway = true
    house.part()
    await until(() => site.clock.pending === 1, { what: 'another attempt is planned' })
    assert.equal(site.clock.pending, 1)
  }
  assert.equal(site.clock.pending, 0)
})
