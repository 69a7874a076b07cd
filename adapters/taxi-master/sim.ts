/** `callbus sim taxi-master`: a Taxi-Master with a living city, for integrators. */
import { parseArgs } from 'node:util'
import { stringify } from 'yaml'
import type { SimCall } from '#core/adapter.ts'
import { realClock } from '#core/clock.ts'
import { reasonOf } from '#core/errors.ts'
import { orderStates } from './simulator/cast.ts'
import { liveInCity } from './simulator/city.ts'
import { scriptsOfStates, settingsFor } from './simulator/company.ts'
import { hurried } from './simulator/hurried-clock.ts'
import { localStates } from './simulator/local-states.ts'
import { misbehaviours } from './simulator/misbehaviours.ts'
import { startTaxiMasterSimulator, type TaxiMasterSimulator } from './simulator/simulator.ts'
import type { SystemEvent } from './simulator/system-events.ts'

const systemEvents: SystemEvent[] = [
  { id: 1, code: 'weather', isActive: true, on: 'request' },
  { id: 2, code: 'car_waits', isActive: true, on: { state: 10, afterSeconds: 120 } },
]
const statesOfItsOwn = 6

export async function sim({ words, cleanup, print }: SimCall): Promise<string | undefined> {
  let asked: Asked
  let simulator: TaxiMasterSimulator
  try {
    asked = read(words)
    simulator = await open(asked)
  } catch (thrown) {
    return reasonOf(thrown)
  }
  cleanup.defer(() => simulator.stop())
  cleanup.defer(live(simulator, asked))
  print(card(simulator, asked))
  return undefined
}

interface Asked {
  seed: number
  speed: number
  port: number
  orders: number
  misbehave: string[]
  scheme: 'http' | 'https'
  oldTls: boolean
  oktell: string | undefined
  eventSecret: string | undefined
}

function read(args: string[]): Asked {
  const { values } = parseArgs({
    args,
    options: {
      seed: { type: 'string', default: '20' },
      speed: { type: 'string', default: '1' },
      port: { type: 'string', default: '8089' },
      orders: { type: 'string', default: '12' },
      misbehave: { type: 'string', default: '' },
      plain: { type: 'boolean', default: false },
      'old-tls': { type: 'boolean', default: false },
      oktell: { type: 'string' },
      'event-secret': { type: 'string' },
    },
  })
  const misbehave = values.misbehave.split(',').filter(Boolean)
  const unknown = misbehave.find((name) => !Object.hasOwn(misbehaviours, name))
  if (unknown) throw new Error(`It cannot misbehave as \`${unknown}\`. Known are:\n${list()}`)
  if (values.oktell !== undefined && !URL.canParse(values.oktell)) {
    throw new Error('Write an address after --oktell, for example --oktell http://127.0.0.1:4055')
  }
  return {
    seed: numberOf('seed', values.seed, { least: 0, most: 2 ** 32 - 1 }),
    speed: numberOf('speed', values.speed, { least: 0.01, most: 100_000 }),
    port: numberOf('port', values.port, { least: 0, most: 65_535 }),
    orders: numberOf('orders', values.orders, { least: 1, most: 30 }),
    misbehave,
    scheme: values.plain ? 'http' : 'https',
    oldTls: values['old-tls'],
    oktell: values.oktell,
    eventSecret: values['event-secret'],
  }
}

function numberOf(name: string, text: string, { least, most }: { least: number; most: number }): number {
  const value = Number(text)
  if (text.trim() !== '' && value >= least && value <= most) return value
  throw new Error(`Write a number from ${least} to ${most} after --${name}`)
}

function list(): string {
  return Object.entries(misbehaviours)
    .map(([name, { about }]) => `  ${name.padEnd(12)}${about}`)
    .join('\n')
}

async function open({ port, seed, speed, scheme, oldTls }: Asked): Promise<TaxiMasterSimulator> {
  try {
    return await startTaxiMasterSimulator({
      clock: hurried(realClock, speed),
      faultClock: realClock,
      port,
      scheme,
      oldTls,
      states: [...orderStates, ...localStates(seed, statesOfItsOwn)],
      systemEvents,
    })
  } catch (thrown) {
    throw new Error(`It cannot listen on port ${port}: ${reasonOf(thrown)}. Choose another --port.`)
  }
}

/** The city lives and falls ill as asked; the answer ends that. */
function live(simulator: TaxiMasterSimulator, asked: Asked): () => Promise<void> {
  const { seed, orders, speed, misbehave, oktell, eventSecret } = asked
  if (oktell) {
    const told = { url: oktell.replace(/\/$/, ''), scripts: scriptsOfStates }
    simulator.outgoing.callThrough({ ...told, ...(eventSecret && { eventSecret }) })
  }
  const closing = new AbortController()
  const { signal } = closing
  const traffic = { clock: hurried(realClock, speed), seed, orders, hasHours: true }
  const patient = { simulator, clock: realClock, signal }
  const work = [
    liveInCity(simulator, traffic, signal),
    ...misbehave.map(async (name) => await misbehaviours[name]?.begin(patient)),
  ]
  return async () => {
    closing.abort()
    await Promise.all(work)
  }
}

/** What an integrator needs to reach it. */
function card(simulator: TaxiMasterSimulator, { seed, speed, misbehave, oktell }: Asked): string {
  const { url, keys, fingerprint } = simulator
  const settings = stringify({ adapters: { 'taxi-master': settingsFor(simulator) } })
  return [
    `A simulated Taxi-Master is open, with the city of seed ${seed} at ${speed} times the speed of life.`,
    '',
    `  CommonAPI    ${url}/common_api/1.0/   key ${keys.commonApi}`,
    `  TM TAPI      ${url}/tm_tapi/1.0/      key ${keys.tapi}`,
    ...(url.startsWith('https') ? [`  Certificate  SHA-256 ${fingerprint}`] : []),
    `  Oktell       ${oktell ?? 'nowhere; --oktell http://127.0.0.1:4055 has it send its scripts there'}`,
    ...misbehave.map((name) => `  Misbehaves   ${name}: ${misbehaviours[name]?.about}`),
    '',
    'A Callbus reaches it by these settings:',
    '',
    settings.trimEnd(),
    '',
    'Ctrl-C closes it.',
  ].join('\n')
}
