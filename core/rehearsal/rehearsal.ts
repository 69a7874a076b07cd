/**
 * The story a call would have: the whole house opens on a copy of its memory, with an exchange in memory and a
 * clock that is moved. Nobody is rung and nothing is written; the dispatch program is only asked.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { type Adapter, defineAdapter } from '../adapter.ts'
import { startApp } from '../app.ts'
import type { Stamped } from '../call-bus/events.ts'
import { CallbusError } from '../errors.ts'
import { type MovedClock, openMovedClock, settled } from '../moved-clock.ts'
import { definePlugin, type Plugin } from '../plugin.ts'
import { openScriptedExchange, type ScriptedExchange } from '../ports/scripted-exchange.ts'
import type { Telephony } from '../ports/telephony.ts'
import { findAdapter, findAll, findPlugin } from '../registry.ts'
import { type Moment, Type } from '../schema.ts'
import type { Settings } from '../settings.ts'
import { openRehearsedCaller } from './caller.ts'
import { copyMemory } from './memory.ts'
import { type Asking, readOnly } from './read-only-dispatch.ts'
import { openRehearsedVoice } from './voice.ts'

export interface RehearsalOrder {
  settings: Settings
  folder: string
  /** Absent: the number is withheld. */
  from?: string
  to: string
  at: Moment
  /** Each is pressed when he has listened to the end. */
  keys?: readonly string[]
  /** Seconds after the first ring. */
  hangUpAfter?: number
  /** Seconds after which phones that are rung answer; absent: nobody does. */
  answersAfter?: number
}

export interface Rehearsal {
  /** The facts of the call, and what would be done in the dispatch program, in order. */
  story: (Stamped | { name: 'would'; at: Moment; sentence: string })[]
  ending: 'ended' | 'talks' | 'released' | 'waits on'
  /** Name of the dispatch program and how it was asked. */
  dispatch: { name: string; because?: string } | undefined
  /** What the story is without. */
  without: string[]
  keysLeft: readonly string[]
}

/** After so many milliseconds of the call the rehearsal ends in any case. */
const longest = 15 * 60_000
/** How long the dispatch program may take to be found, in real milliseconds. */
const connectsWithin = 5_000
const file = 'callbus.sqlite'

export async function rehearse(order: RehearsalOrder): Promise<Rehearsal> {
  await using cleanup = new AsyncDisposableStack()
  const { settings, folder } = order
  const dataFolder = await mkdtemp(join(tmpdir(), 'callbus-rehearsal-'))
  cleanup.defer(() => rm(dataFolder, { recursive: true, force: true }))

  const clock = openMovedClock(order.at)
  const exchange = openScriptedExchange({
    clock,
    autoPlay: true,
    others: order.answersAfter === undefined ? 'rings' : { answersAfter: order.answersAfter },
  })
  const story: Rehearsal['story'] = []
  const without: string[] = []
  const noMemory = await copyMemory(settings, { from: join(folder, 'data'), to: dataFolder, file })
  if (noMemory) without.push(noMemory)

  const real = await dispatchOf(settings, folder)
  const rehearsed =
    real && readOnly(real, (sentence) => story.push({ name: 'would', at: clock.now(), sentence }))
  const witness = openWitness()
  const app = await startApp({
    settings: aside(settings, real),
    folder,
    dataFolder,
    clock,
    log: pino({ level: 'silent' }),
    voice: await openRehearsedVoice(dataFolder),
    adapters: [...(rehearsed ? [rehearsed.adapter] : []), exchangeAdapter(exchange.port, exchange.listen)],
    plugins: [...(await pluginsOf(settings, folder, without)), witness.plugin],
  })
  cleanup.defer(() => app.stop(AbortSignal.abort()))

  exchange.connect()
  const because = real ? await witness.dispatchIsThere() : undefined
  await settled()
  for (const { data } of witness.failures()) without.push(data.because)
  story.length = 0
  witness.hear((fact) => story.push(fact))

  const leg = exchange.ring({
    to: order.to,
    at: clock.now(),
    ...(order.from !== undefined && { from: order.from }),
  })
  const call = story.find(({ name }) => name === 'call.offered')
  if (call?.name !== 'call.offered') throw new CallbusError('NOT_FOUND', { what: `line ${order.to}` })
  const id = call.data.call
  const caller = openRehearsedCaller(leg, { exchange, clock, keys: order.keys ?? [] })
  if (order.hangUpAfter !== undefined) clock.after(order.hangUpAfter * 1_000, () => exchange.hangUp(leg))

  const ending = await untilItsEnd(
    { clock, until: order.at + longest, asking: rehearsed?.asking, settings },
    () => {
      caller.look()
      return endingOf(story, id)
    },
  )
  return {
    story: story.filter((told) => told.name === 'would' || isAbout(told, id)),
    ending,
    dispatch: real && { name: real.name, ...(because !== undefined && { because }) },
    without,
    keysLeft: caller.keysLeft,
  }
}

async function untilItsEnd(
  {
    clock,
    until,
    asking,
    settings,
  }: { clock: MovedClock; until: Moment; asking: Asking | undefined; settings: Settings },
  look: () => Rehearsal['ending'] | undefined,
): Promise<Rehearsal['ending']> {
  for (;;) {
    await settled()
    // Time stands still while the dispatch program thinks, unless it thinks longer than a caller may wait.
    while ((asking?.waitedFor() ?? 0) > 0 && (asking?.waitedFor() ?? 0) < settings.calls.dispatchDeadline)
      await pause()
    await settled()
    const ending = look()
    if (ending) return ending
    const next = clock.nextAt
    if (next === undefined || next > until) return 'waits on'
    await clock.advance(next - clock.now())
  }
}

const pause = () => new Promise<void>((resolve) => setTimeout(resolve, 5))

function endingOf(story: Rehearsal['story'], call: string): Rehearsal['ending'] | undefined {
  for (const told of story) {
    if (told.name === 'call.talking' && told.data.call === call) return 'talks'
    if (told.name === 'call.ended' && told.data.call === call)
      return told.data.result === 'system' ? 'released' : 'ended'
  }
  return undefined
}

function isAbout({ data }: Stamped, call: string): boolean {
  return 'call' in data && data.call === call
}

/** The settings of the real house, turned away from the world. */
function aside(settings: Settings, dispatch: Adapter | undefined): Settings {
  const { url: _url, ...mqtt } = settings.mqtt
  return {
    ...settings,
    http: { ...settings.http, host: '127.0.0.1', port: 0 },
    mqtt: { ...mqtt, host: '127.0.0.1', port: 0 },
    database: { file },
    messages: { ...settings.messages, people: [], duties: [] },
    adapters: dispatch ? { [dispatch.name]: settings.adapters[dispatch.name] } : {},
  }
}

async function dispatchOf({ adapters }: Settings, folder: string): Promise<Adapter<'dispatch'> | undefined> {
  for (const [name, section] of Object.entries(adapters)) {
    if (section === false) continue
    const adapter = await findAdapter(name, folder)
    if (adapter.provides === 'dispatch') return adapter as Adapter<'dispatch'>
  }
  return undefined
}

function pluginsOf({ plugins }: Settings, folder: string, without: string[]): Promise<Plugin[]> {
  return findAll(plugins, folder, findPlugin, (name, thrown) =>
    without.push(thrown instanceof CallbusError ? thrown.message : `Plugin ${name} cannot be loaded.`),
  )
}

function exchangeAdapter(port: Telephony, listen: ScriptedExchange['listen']) {
  return defineAdapter({
    name: 'rehearsal',
    about: 'An exchange in memory.',
    provides: 'telephony',
    settings: Type.Object({}),
    async connect({ report }) {
      listen(report)
      return port
    },
  })
}

/** Sees everything that happens, and whether the dispatch program has been found. */
function openWitness() {
  const facts: Stamped[] = []
  const found = Promise.withResolvers<string | undefined>()
  let hear: (fact: Stamped) => void = (fact) => facts.push(fact)
  let standing: string | undefined
  const plugin = definePlugin({
    name: 'rehearsal-witness',
    about: 'Writes the story of a rehearsed call down.',
    settings: Type.Object({}, { default: {} }),
    start({ bus }) {
      bus.on('connection.changed', ({ neighbour, state, because }) => {
        if (neighbour !== 'dispatch') return
        standing = because ?? state
        if (state === 'connected') found.resolve(undefined)
        if (state === 'lost') found.resolve(standing)
      })
      bus.onAny((fact) => hear(fact))
    },
  })
  return {
    plugin,
    hear(listener: (fact: Stamped) => void) {
      hear = listener
    },
    failures: () => facts.filter((fact) => fact.name === 'plugin.failed'),
    /** Why it is not, in its own words. */
    async dispatchIsThere(): Promise<string | undefined> {
      const late = new Promise<string>((resolve) => {
        setTimeout(() => resolve(standing ?? 'it gave no sign of life'), connectsWithin).unref()
      })
      return await Promise.race([found.promise, late])
    },
  }
}
