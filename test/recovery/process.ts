/**
 * Callbus as a process of its own that a test can kill without a word and start again, between a real
 * Asterisk and a Taxi-Master simulator that outlive it.
 */
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import SQLite from 'better-sqlite3'
import { WebSocket } from 'ws'
import { stringify } from 'yaml'
import type { FactData, FactName, Stamped } from '#core/call-bus/events.ts'
import type { CallRow, IntentRow } from '#core/database/tables.ts'
import type { CallView } from '#core/http/call-views.ts'
import { settingsFor } from '../../adapters/taxi-master/simulator/company.ts'
import {
  startTaxiMasterSimulator,
  type TaxiMasterSimulator,
} from '../../adapters/taxi-master/simulator/simulator.ts'
import { type AsteriskInstance, startAsterisk } from '../asterisk/instance.ts'
import { tone, writeWav } from '../support/audio.ts'
import { type Daemon, startDaemon } from '../support/daemon.ts'
import { freePort } from '../support/ports.ts'
import type { PhoneCall } from '../support/sip/phone-call.ts'
import { openPhone, type Phone, type PhoneOptions, ring } from '../support/sip/sip-phone.ts'
import { until } from '../support/until.ts'
import { openWire } from './wire.ts'

/** Sentences that tests listen for are recorded as tones. */
export const tones = { menu: 900, confirmCancel: 1100, cancelled: 1300, callBack: 700 }
export const line = '+380443334455'
/** Known to the simulated dispatch program, without an order until one is placed. */
export const client = '+380670000001'
export const stranger = '+380501112233'

const entry = join(import.meta.dirname, '../../core/main.ts')
const extensions = ['101', '102']

export interface RecoveryWorld {
  /** Of the site: settings, and below `data` what Callbus writes. */
  folder: string
  asterisk: AsteriskInstance
  dispatch: TaxiMasterSimulator
  callbus: CallbusProcess
  phone(extension: string, options?: Omit<PhoneOptions, 'port'>): Promise<Phone>
  /** A caller on our line. */
  ring(from: string, says?: number): Promise<PhoneCall>
  /** Breaks the network between Callbus and Asterisk; only in a world opened so. */
  cut(): void
  mend(): void
  /** What still exists, anywhere, of any call. */
  left(): Promise<Left>
  /** Waits until nothing is left, and says what was when it never comes true. */
  nothingIsLeft(): Promise<void>
}

export interface Left {
  channels: number
  bridges: number
  playbacks: number
  recordings: number
  liveCalls: number
  openCalls: number
  openIntents: number
}

/** `they dial us`: the persistent outbound socket; `we dial`: events are lost while we are away. */
export type Way = 'they dial us' | 'we dial'

export interface CallbusProcess {
  /** Resolves when calls are served; gives the milliseconds from the start to that. */
  start(): Promise<number>
  /** Gone in the middle of whatever it does. */
  kill(): Promise<void>
  stop(): Promise<void>
  /** It is there, and does nothing. */
  freeze(): void
  thaw(): void
  readonly log: () => Promise<string>
  liveCalls(): Promise<CallView[]>
  /** As the administrator asks for something. */
  post(path: string, body: object): Promise<unknown>
  /** The only live call, once it is in this state and that is written down: a kill may lose what is not. */
  callBecomes(state: string, isMeant?: (call: CallView) => boolean): Promise<CallView>
  facts<Name extends FactName>(name: Name): (Stamped<Name> & { data: FactData<Name> })[]
  allFacts(): Stamped[]
  calls(): CallRow[]
  intents(): IntentRow[]
  recordings(): Promise<{ state: string }[]>
  joins(): { state: string; outcome: string | null }[]
}

export interface WorldOptions {
  way?: Way
  /** Seconds. */
  guard?: number
  /** Those of the operators. */
  phones?: string[]
  /** The network between Callbus and Asterisk can be cut. */
  isCuttable?: boolean
  /** Sections of more plugins, by name; `false` for one that is not wanted. */
  plugins?: Record<string, object | false>
  /** Of the dispatch program's adapter. */
  dispatch?: object
}

export async function openWorld(t: TestContext, options: WorldOptions = {}): Promise<RecoveryWorld> {
  const { way = 'they dial us', guard = 60, phones = extensions, isCuttable = false } = options
  const cleanup = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'callbus-recovery-'))
  const callbus = openProcess(folder)
  t.after(async () => {
    if (process.env.LOG) console.error(await callbus.log())
    await cleanup.disposeAsync()
  })
  cleanup.defer(() => rm(folder, { recursive: true, force: true }))
  const listen = way === 'they dial us' ? { host: '127.0.0.1', port: await freePort() } : undefined
  const events = listen && isCuttable ? cleanup.use(await openWire(listen.port)) : undefined
  const asterisk = cleanup.use(await startExchange(listen && (events?.port ?? listen.port), guard))
  const commands = isCuttable ? cleanup.use(await openWire(asterisk.ariPort)) : undefined
  const dispatch = await startTaxiMasterSimulator()
  cleanup.defer(() => dispatch.stop())
  const playbacks = await watchPlaybacks(asterisk)
  cleanup.defer(() => playbacks.close())

  const url = commands ? `http://127.0.0.1:${commands.port}/ari` : asterisk.ariUrl
  await writeSite(folder, { asterisk, url, dispatch, listen, guard, phones }, options)
  cleanup.defer(() => callbus.kill())

  async function left(): Promise<Left> {
    const list = async (kind: string) => ((await asterisk.ari('GET', kind)) as unknown[]).length
    const [channels, bridges, recordings, live] = await Promise.all([
      list('channels'),
      list('bridges'),
      list('recordings/stored'),
      callbus.liveCalls(),
    ])
    return {
      channels,
      bridges,
      recordings,
      playbacks: playbacks.running.size,
      liveCalls: live.length,
      openCalls: callbus.calls().filter(({ ended_at }) => ended_at === null).length,
      openIntents: callbus.intents().filter(({ state }) => state === 'open').length,
    }
  }

  return {
    folder,
    asterisk,
    dispatch,
    callbus,
    left,
    cut() {
      events?.cut()
      commands?.cut()
    },
    mend() {
      events?.mend()
      commands?.mend()
    },
    async phone(extension, options = {}) {
      return cleanup.use(await openPhone({ port: asterisk.phones[extension], ...options }))
    },
    async ring(from, says) {
      return cleanup.use(await ring({ asterisk, from, to: line, ...(says && { says }) }))
    },
    async nothingIsLeft() {
      let last: Left | undefined
      const isEmpty = async () => {
        last = await left()
        return Object.values(last).every((count) => count === 0)
      }
      await until(isEmpty, { what: 'nothing to be left' }).catch((thrown) => {
        throw new Error(`Left behind: ${JSON.stringify(last)}`, { cause: thrown })
      })
    },
  }
}

async function startExchange(dialled: number | undefined, guard: number) {
  if (dialled === undefined) return await startAsterisk({ phones: extensions, guard })
  const url = `ws://127.0.0.1:${dialled}/`
  const client = `[callbus_client]
type=websocket_client
connection_type=persistent
uri=${url}
protocols=ari
username=callbus
password=callbus-test
reconnect_interval=100
`
  return await startAsterisk({
    phones: extensions,
    guard,
    outbound: { url, apps: 'callbus' },
    configFiles: { 'websocket_client.conf': client },
  })
}

async function writeSite(
  folder: string,
  {
    asterisk,
    url,
    dispatch,
    listen,
    guard,
    phones,
  }: {
    asterisk: AsteriskInstance
    url: string
    dispatch: TaxiMasterSimulator
    listen: { host: string; port: number } | undefined
    guard: number
    phones: string[]
  },
  more: Pick<WorldOptions, 'plugins' | 'dispatch'>,
) {
  const { user: username, password } = asterisk
  const settings = {
    site: { name: 'test', country: 'UA', language: 'en' },
    http: { port: 0 },
    mqtt: { port: 0 },
    calls: { silenceDeadline: 20_000, stopPatience: 0 },
    voice: { engines: ['silent'] },
    adapters: {
      asterisk: { url, username, password, guardSeconds: guard, ...(listen && { listen }) },
      'taxi-master': { ...settingsFor(dispatch), ...more.dispatch },
    },
    plugins: {
      'driver-bridge': {},
      'order-status': { patience: 20 },
      operators: { phones, restAfterMiss: 1 },
      recording: {},
      ...more.plugins,
    },
  }
  await writeFile(join(folder, 'callbus.yaml'), stringify(settings))
  const prompts = join(folder, 'prompts/en/order-status')
  await mkdir(prompts, { recursive: true })
  writeWav(join(prompts, 'searching.wav'), tone(tones.menu, 2))
  writeWav(join(prompts, 'confirmCancel.wav'), tone(tones.confirmCancel, 2))
  writeWav(join(prompts, 'cancelled.wav'), tone(tones.cancelled, 1))
  const ofCallBacks = join(folder, 'prompts/en/status-callback')
  await mkdir(ofCallBacks, { recursive: true })
  writeWav(join(ofCallBacks, 'greeting.wav'), tone(tones.callBack, 10))
}

function openProcess(folder: string): CallbusProcess {
  const logFile = join(folder, 'callbus.log')
  const log = () => readFile(logFile, 'utf8').catch(() => '')
  let daemon: Daemon | undefined
  let address = ''
  let cookie = ''

  async function lifeOfNow(from: number) {
    if (daemon?.hasExited()) throw new Error(`Callbus ended while starting:\n${daemon.lastWords()}`)
    return (await log()).slice(from)
  }

  async function get<Answer>(path: string): Promise<Answer> {
    const answer = await fetch(`${address}${path}`, { headers: { cookie } })
    if (!answer.ok) throw new Error(`GET ${path} was answered ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as Answer
  }

  /** The journal on the disk, as a restart would find it. */
  function read<Row>(sql: string): Row[] {
    const database = new SQLite(join(folder, 'data/callbus.sqlite'), { readonly: true })
    try {
      return database.prepare(sql).all() as Row[]
    } finally {
      database.close()
    }
  }

  const allFacts = () =>
    read<{ id: number; at: number; name: string; data: string }>('select * from facts order by id').map(
      (row) => ({ id: row.id, at: row.at, name: row.name, data: JSON.parse(row.data) }) as Stamped,
    )

  return {
    async start() {
      const begun = performance.now()
      const from = (await log()).length
      daemon = startDaemon({
        command: [process.execPath, entry, 'start', '--site', folder],
        logFile,
        cwd: folder,
      })
      const said = (what: RegExp) =>
        until(async () => what.exec(await lifeOfNow(from)) ?? false, { what: String(what), within: 30_000 })
      const [, link = ''] = await said(/Console: (\S+)/)
      address = new URL(link).origin
      await until(async () => (await fetch(`${address}/ready`)).ok, { what: 'readiness', every: 5 })
      await said(/Calls were taken over/)
      const ready = performance.now() - begun
      if (!cookie) {
        const answer = await fetch(link, { redirect: 'manual' })
        cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
      }
      return Math.round(ready)
    },
    kill: async () => daemon?.kill(),
    stop: async () => daemon?.stop('SIGTERM'),
    freeze: () => void (daemon && process.kill(daemon.pid, 'SIGSTOP')),
    thaw: () => void (daemon && process.kill(daemon.pid, 'SIGCONT')),
    log,

    async post(path, body) {
      const answer = await fetch(`${address}${path}`, {
        method: 'POST',
        headers: { cookie, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      if (!answer.ok) throw new Error(`POST ${path} was answered ${answer.status} ${await answer.text()}`)
      return await answer.json()
    },
    liveCalls: async () => (await get<{ calls: CallView[] }>('/api/v1/calls?live=true')).calls,
    async callBecomes(state, isMeant = () => true) {
      const find = async () => {
        const found = (await this.liveCalls()).find((call) => call.state === state && isMeant(call))
        return found && this.calls().some((row) => row.id === found.id && row.state === state) && found
      }
      return await until(find, { what: `a live call to be ${state}` })
    },
    allFacts,
    facts: (name) => allFacts().filter((fact) => fact.name === name) as never,
    calls: () => read<CallRow>('select * from calls order by at'),
    intents: () => read<IntentRow>('select * from intents'),
    joins: () => read('select state, outcome from driver_bridge_joins order by at'),
    recordings: async () => read<{ state: string }>('select state from recording_recordings order by at'),
  }
}

/** Asterisk cannot list its playbacks, so a program of ours that hears everything counts them. */
async function watchPlaybacks({ ariUrl, user, password }: AsteriskInstance) {
  const running = new Set<string>()
  const address = `${ariUrl.replace('http', 'ws')}/events?app=census&subscribeAll=true`
  const socket = new WebSocket(`${address}&api_key=${user}:${password}`)
  socket.on('message', (data) => {
    const { type, playback } = JSON.parse(String(data)) as { type: string; playback?: { id: string } }
    if (!playback) return
    if (type === 'PlaybackStarted') running.add(playback.id)
    if (type === 'PlaybackFinished') running.delete(playback.id)
  })
  await once(socket, 'open')
  socket.on('error', () => undefined)
  // They end with the exchange, and nobody tells.
  socket.on('close', () => running.clear())
  return { running: running as ReadonlySet<string>, close: () => socket.close() }
}
