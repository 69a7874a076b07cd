import pino from 'pino'
import { openCallBus } from '#core/call-bus/call-bus.ts'
import type { Stamped } from '#core/call-bus/events.ts'
import type { Call } from '#core/calls/call.ts'
import { openCallHouse } from '#core/calls/call-house.ts'
import { openPlaces, type PlaceFlow } from '#core/calls/places.ts'
import { openReception, type Verdict } from '#core/calls/reception.ts'
import type { Journal } from '#core/database/journal.ts'
import type { CallRow } from '#core/database/tables.ts'
import type { Dispatch } from '#core/ports/dispatch.ts'
import { openScriptedExchange, type ScriptedExchange } from '#core/ports/scripted-exchange.ts'
import type { Saying } from '#core/voice/words.ts'
import { openTestClock, type TestClock } from './test-clock.ts'

export const hello: Saying = { name: 'test.hello', in: () => 'hello' }
export const goodbye: Saying = { name: 'test.goodbye', in: () => 'goodbye' }
export const passenger = '+380671234567'

export interface HouseParts {
  exchange?: ScriptedExchange
  judge?: (call: Call) => Verdict | Promise<Verdict>
  operators?: PlaceFlow
  dispatch?: Dispatch
  rows?: CallRow[]
  /** Facts of an earlier life. */
  told?: Stamped[]
  outgoingAtMost?: number
  clock?: TestClock
}

export function openHouse({
  exchange = openScriptedExchange(),
  judge,
  operators,
  dispatch,
  rows = [],
  told: toldBefore = [],
  outgoingAtMost = 10,
  clock = openTestClock(),
}: HouseParts = {}) {
  const log = pino({ level: 'silent' })
  const bus = openCallBus({ clock, log })
  const facts: Stamped[] = []
  bus.onAny((fact) => void facts.push(fact))
  const kept = new Map(rows.map((row) => [row.id, row]))
  const journal = {
    keepCall: (row: CallRow) => void kept.set(row.id, row),
    findCall: async (id: string) => kept.get(id),
    flush: async () => undefined,
    factsOf: async (calls: readonly string[], name: string) =>
      [...toldBefore, ...facts].filter(
        (fact) => fact.name === name && 'call' in fact.data && calls.includes(fact.data.call ?? ''),
      ),
    openCalls: async () => [...kept.values()].filter((row) => row.ended_at === null),
  } as unknown as Journal
  const cleanup = new AsyncDisposableStack()
  const reception = openReception({ bus, clock, log })
  if (judge) reception.ownedBy('judge', cleanup).screen(judge)
  const places = openPlaces()
  if (operators) places.ownedBy('operators', cleanup).offer('operators', operators)
  const calls = openCallHouse({
    bus,
    clock,
    dispatch,
    journal,
    lines: [{ number: '*', name: 'main', language: 'en', screens: ['judge'], fallback: 'operators' }],
    log,
    phones: {
      toE164: (raw) => (raw.startsWith('+') ? raw : undefined),
      toNational: (phone) => phone,
      kindOf: () => 'mobile',
    },
    places,
    reception,
    site: { name: 'test' },
    telephony: exchange.port,
    voice: { speak: async (saying) => ({ file: saying.name, url: '', seconds: 1 }) },
    deadlines: { dispatch: 1_500, silence: 4_000 },
    outgoingAtMost,
    defaultMusic: 'default',
  })
  exchange.listen(calls.handle)
  const told = () => facts.filter((fact) => fact.name === 'call.told').map((fact) => fact.data.saying)
  const names = () => facts.map((fact) => fact.name)
  const result = () => facts.filter((fact) => fact.name === 'call.ended').map((fact) => fact.data.result)
  return { bus, calls, clock, exchange, facts, journal, kept, names, result, told }
}

export const toOperator: PlaceFlow = async (caller) => {
  caller.waitsAt('operators')
  using _music = caller.playOnHold()
  const operator = await caller.reach({ phones: ['101', '102'], ringFor: 20, show: 'caller' })
  if (operator) return void (await caller.talkTo(operator))
  await caller.say(goodbye)
}
