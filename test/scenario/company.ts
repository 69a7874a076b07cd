/**
 * A whole taxi company: Callbus with its plugins and real adapters, on a real Asterisk, beside a
 * Taxi-Master over HTTPS.
 *
 *     await using company = await openCompany(exchange)
 *     const caller = await company.ring({ from: '+380670000001' })
 */
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { type App, startApp } from '#core/app.ts'
import type { FactData, FactName, Stamped } from '#core/call-bus/events.ts'
import type { Plugin, Saying, Services } from '#core/plugin.ts'
import { definePlugin, Type } from '#core/plugin.ts'
import { checkSettings, Settings } from '#core/settings.ts'
import { constantsOf } from '#core/voice/words.ts'
import type { Settings as TaxiMasterSettings } from '../../adapters/taxi-master/settings.ts'
import { settingsFor } from '../../adapters/taxi-master/simulator/company.ts'
import {
  startTaxiMasterSimulator,
  type TaxiMasterSimulator,
} from '../../adapters/taxi-master/simulator/simulator.ts'
import { plugin as blacklist } from '../../plugins/blacklist/plugin.ts'
import { plugin as callRecordLinks } from '../../plugins/call-record-links/plugin.ts'
import { plugin as consolePlugin } from '../../plugins/console/plugin.ts'
import { plugin as driverBridge } from '../../plugins/driver-bridge/plugin.ts'
import { plugin as operators } from '../../plugins/operators/plugin.ts'
import { plugin as orderStatus } from '../../plugins/order-status/plugin.ts'
import { plugin as queue } from '../../plugins/queue/plugin.ts'
import { plugin as recording } from '../../plugins/recording/plugin.ts'
import { plugin as repeatCaller } from '../../plugins/repeat-caller/plugin.ts'
import { plugin as talkControl } from '../../plugins/talk-control/plugin.ts'
import type { PhoneCall } from '../support/sip/phone-call.ts'
import { type Phone, type PhoneOptions, ring } from '../support/sip/sip-phone.ts'
import { until } from '../support/until.ts'
import { countingClock } from './counting-clock.ts'
import type { Exchange, Extension } from './exchange.ts'

/** The number callers dial. */
export const companyNumber = '+380443334455'

export interface CompanyOptions {
  /** Stand before the plugins of the house. */
  plugins?: Plugin[]
  /** Who rings the operators. */
  people?: 'operators' | 'queue'
  /** Sections of the plugins, by name. */
  sections?: Record<string, object>
  calls?: Partial<Settings['calls']>
  dispatch?: Partial<TaxiMasterSettings>
}

export type Company = Awaited<ReturnType<typeof openCompany>>

export async function openCompany(exchange: Exchange, options: CompanyOptions = {}) {
  await using opening = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'callbus-company-'))
  opening.defer(() => rm(folder, { recursive: true, force: true }))
  await mkdir(join(folder, 'data'))
  await mkdir(exchange.prompts, { recursive: true })
  await symlink(exchange.prompts, join(folder, 'data/prompts'))

  const taxiMaster = await startTaxiMasterSimulator()
  opening.defer(() => taxiMaster.stop())
  const clock = countingClock()
  const witness = openWitness()
  const plugins = [
    ...(options.plugins ?? []),
    blacklist,
    driverBridge,
    repeatCaller,
    orderStatus,
    options.people === 'queue' ? queue : operators,
    recording,
    callRecordLinks,
    talkControl,
    consolePlugin,
    witness.plugin,
  ]
  const app = await startApp({
    settings: settingsOf(exchange, taxiMaster, options),
    folder,
    clock,
    log: pino({ level: process.env.LOG ?? 'silent' }),
    plugins,
  })
  let isOpen = true
  async function stop() {
    if (isOpen) await app.stop()
    isOpen = false
  }
  opening.defer(stop)
  const isConnected = ({ neighbour, state }: FactData<'connection.changed'>) =>
    neighbour === 'exchange' && state === 'connected'
  await witness.fact('connection.changed', isConnected).catch(async (thrown: Error) => {
    throw new Error(`${thrown.message}. ${await exchange.asterisk.illness()}`)
  })

  /** The file in which this saying was rendered. */
  async function soundOf(saying: Saying): Promise<string> {
    const { file } = await witness.services().voice.speak(saying, 'uk', AbortSignal.timeout(30_000))
    return file
  }

  // Asterisk 22.10.1 may die when a WebSocket closes while channels end.
  const isEmpty = async () => ((await exchange.asterisk.ari('GET', 'channels')) as object[]).length === 0
  opening.defer(async () => {
    await until(isEmpty, { what: 'an empty exchange', within: 3_000 }).catch(() => undefined)
  })
  const people = opening.use(new AsyncDisposableStack())
  const api = await signedIn(app)
  await Promise.all(plugins.flatMap(({ words = {} }) => constantsOf(words)).map(soundOf))
  const timersAtRest = clock.pending()
  const cleanup = opening.move()

  return {
    exchange,
    folder,
    taxiMaster,
    app,
    api,
    clock,
    /** How many timers run while nobody calls. */
    timersAtRest,
    stop,
    get calls() {
      return witness.services().calls
    },
    get database() {
      return witness.services().database
    },
    facts: witness.facts,
    fact: witness.fact,
    factsNamed: witness.factsNamed,

    soundOf,

    async ring({
      from,
      to = companyNumber,
      says,
    }: {
      from: string
      to?: string
      says?: number
    }): Promise<PhoneCall> {
      return people.use(
        await ring({ asterisk: exchange.asterisk, from, to, ...(says !== undefined && { says }) }),
      )
    },

    async phone(extension: Extension, how?: Pick<PhoneOptions, 'answers' | 'says'>): Promise<Phone> {
      return people.use(await exchange.phone(extension, how))
    },

    /** The id of the latest call of this number. */
    async callOf(from: string | undefined): Promise<string> {
      const isHis = ({ data }: Stamped<'call.offered'>) => data.from === from
      const found = await until(() => witness.factsNamed('call.offered').findLast(isHis), {
        what: 'the call to be offered',
      })
      return found.data.call
    },

    [Symbol.asyncDispose]: () => cleanup.disposeAsync(),
  }
}

function settingsOf(exchange: Exchange, taxiMaster: TaxiMasterSimulator, options: CompanyOptions): Settings {
  return checkSettings(
    Settings,
    {
      site: { name: 'scenario', language: 'uk' },
      http: { port: 0 },
      mqtt: { port: 0 },
      calls: { stopPatience: 0, ...options.calls },
      // Fast speech, for short tests.
      voice: { engines: ['espeak-ng'], espeak: { speed: 350 } },
      adapters: {
        asterisk: exchange.settings,
        'taxi-master': { ...settingsFor(taxiMaster), watchSeconds: 0, ...options.dispatch },
      },
      plugins: {
        ...(options.people === 'queue' ? { queue: {} } : { operators: { phones: ['101', '102'] } }),
        ...options.sections,
      },
    },
    '',
  )
}

/** A plugin that keeps every fact and lends what only plugins are given. */
function openWitness() {
  const facts: Stamped[] = []
  let given: Pick<Services, 'calls' | 'database' | 'voice'> | undefined
  const plugin = definePlugin({
    name: 'witness',
    about: 'Keeps every fact for the test.',
    settings: Type.Object({}, { default: {} }),
    start({ bus, calls, database, voice }) {
      given = { calls, database, voice }
      bus.onAny((fact) => void facts.push(fact))
    },
  })

  function factsNamed<Name extends FactName>(name: Name) {
    return facts.filter((fact): fact is Extract<Stamped, { name: Name }> => fact.name === name)
  }

  return {
    plugin,
    facts,
    factsNamed,
    services() {
      if (!given) throw new Error('The witness has not started')
      return given
    },
    /** The first such fact, told already or still to come. */
    fact<Name extends FactName>(name: Name, fits: (data: FactData<Name>) => boolean = () => true) {
      return until(
        () =>
          factsNamed(name).find(({ data }) => fits(data as FactData<Name>))?.data as
            | FactData<Name>
            | undefined,
        {
          what: `the fact ${name}`,
        },
      )
    },
  }
}

/** HTTP as a program uses it: with a token that an administrator made. */
async function signedIn(app: App) {
  const link = await app.signInLink()
  const welcome = await fetch(link, { redirect: 'manual' })
  const cookie = welcome.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const made = await fetch(`${app.address}/api/v1/tokens`, {
    method: 'POST',
    headers: { cookie, 'content-type': 'application/json' },
    body: JSON.stringify({
      name: 'scenario',
      rights: [
        'calls.read',
        'calls.join',
        'talks.control',
        'talks.supervise',
        'phones.read',
        'clients.call',
        'recordings.listen',
        'lists.read',
        'lists.edit',
        'quality.read',
        'queues.read',
        'queues.edit',
      ],
    }),
  })
  const { secret } = (await made.json()) as { secret: string }

  return async function api(method: string, path: string, body?: object): Promise<Response> {
    const answer = await fetch(`${app.address}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${secret}`,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    })
    if (!answer.ok) throw new Error(`${method} ${path} was answered ${answer.status} ${await answer.text()}`)
    return answer
  }
}
