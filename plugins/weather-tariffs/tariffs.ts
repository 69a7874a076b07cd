/** Carries out what the rules decide: once each, in the dispatch program, in the history and as a fact. */
import type { Logger } from 'pino'
import type { CallBus } from '#core/call-bus/call-bus.ts'
import type { Intents } from '#core/calls/intents.ts'
import type { Clock } from '#core/clock.ts'
import { reasonOf } from '#core/errors.ts'
import { openTurns } from '#core/in-turn.ts'
import type { Dispatch } from '#core/ports/dispatch.ts'
import type { OrderId } from '#core/schema.ts'
import { unlessAborted } from '#core/unless-aborted.ts'
import type { Alarms } from './alarms.ts'
import { openAttributes } from './attributes.ts'
import type { Book, Change, Known } from './book.ts'
import { nextStanding, type Override, type Policy, type Standing } from './rules.ts'
import type { Settings } from './settings.ts'

export type Tariffs = ReturnType<typeof openTariffs>

const minute = 60_000

export function openTariffs(parts: {
  alarms: Alarms
  book: Book
  bus: CallBus
  clock: Clock
  dispatch: Dispatch
  intents: Intents
  log: Logger
  policy: Policy
  settings: Settings
  database: Parameters<typeof openAttributes>[0]['database']
  closing: AbortSignal
}) {
  const { alarms, book, bus, clock, dispatch, intents, log, policy, settings, closing } = parts
  const zones = settings.zones.map((zone) => zone.name)
  /** One look and one effect after the other: each builds on what the one before has left. */
  const turns = openTurns()
  /** Decided, and perhaps not yet carried out. */
  const undone = new Map<string, Change>()

  const standingFor = (zone: string | undefined): { standing: Standing; known: Known | undefined } => {
    const standings = (zone === undefined ? zones : [zone]).map((each) => book.of(each))
    const standing = standings.reduce(
      (worst, each) => (each.rise > worst.rise ? each : worst),
      book.of(zone ?? zones[0] ?? ''),
    )
    return { standing, known: freshOf(standing.zone) }
  }
  const attributes = openAttributes({ ...parts, targets: settings.attributes, standingFor })

  function freshOf(zone: string): Known | undefined {
    const known = book.known(zone)
    const isFresh = known && clock.now() - known.weather.at <= settings.lastKnownFor * minute
    return isFresh ? known : undefined
  }

  const changing = intents.declare<Change, 'done' | 'overtaken'>('weather-tariffs.change', {
    // What is done twice here is done once: attributes are compared, the event carries the number of the change.
    find: async () => undefined,
    async perform(change, signal) {
      if ((undone.get(change.zone)?.id ?? change.id) > change.id) return 'overtaken'
      await turns.take('effects', () => carryOut(change, signal))
      await book.done(change.id, clock.now())
      return 'done'
    },
    settled: tell,
  })

  const repricing = intents.declare<{ order: OrderId; rise: number }, 'changed' | 'refused'>(
    'weather-tariffs.order',
    {
      // The same change of an order twice is the same order.
      find: async () => undefined,
      async perform({ order, rise }, signal) {
        const { attribute, discountId, tariffId } = settings.orders ?? {}
        const change = {
          ...(tariffId && { tariffId }),
          ...(discountId && { discountId }),
          ...(attribute && { attributes: [{ id: attribute.id, value: attribute.value ?? rise }] }),
          recalculate: true,
        }
        const { outcome } = await dispatch.updateOrder(order, change, signal)
        return outcome
      },
    },
  )

  async function carryOut({ zone, rise, rules, because, id, weather }: Change, signal: AbortSignal) {
    await attributes.bring(signal)
    if (settings.event === undefined) return
    const outcome = await dispatch.runEvent(
      settings.event,
      { change: id, zone, rise, rules, because, weather },
      signal,
    )
    if (outcome === 'refused') throw new Error(`the dispatch program does not run event ${settings.event}`)
  }

  function tell({ zone, rise, before, rules, because, by }: Change) {
    bus.publish('tariff.changed', { zone, rise, before, rules: [...rules], because, by })
    if (settings.cardSeconds === 0 || !dispatch.capabilities.has('raiseCard')) return
    const text = rise > 0 ? `${zone}: +${rise} % (${because})` : `${zone}: ${because}`
    const card = { title: 'Weather', text, kind: 'warning', seconds: settings.cardSeconds } as const
    dispatch.raiseCard(card, closing).catch((thrown: unknown) => {
      log.warn({ reason: reasonOf(thrown) }, 'Dispatchers were not shown the change of tariff')
    })
  }

  async function lookAt(zone: string, isLeaving: boolean) {
    const now = clock.now()
    const isOff = isLeaving || !settings.isOn || book.isOff || !zones.includes(zone)
    const override = book.override(zone)
    const before = book.of(zone)
    const next = nextStanding(before, { now, weather: freshOf(zone)?.weather, override, isOff }, policy)
    if (override && now >= override.until) await book.setOverride(zone, undefined)
    const change = await book.stands(next, now)
    if (change) {
      undone.set(zone, change)
      log.info({ zone, rise: change.rise, because: change.because }, 'The weather tariff changes')
    }
  }

  async function carryOutAll() {
    for (const [zone, change] of undone) {
      try {
        const key = `weather-tariffs.change:${change.id}`
        // A dispatch program that does not answer must not hold up the closing; the next life finishes it.
        await unlessAborted(changing.carryOut({ key, data: change }, closing), closing)
        if (undone.get(zone)?.id === change.id) undone.delete(zone)
      } catch (thrown) {
        if (closing.aborted) return
        log.warn(
          { zone, reason: reasonOf(thrown) },
          'A change of tariff is not carried out yet; it is tried again',
        )
        alarms.undone(change, reasonOf(thrown))
      }
    }
  }

  const look = (isLeaving = false) =>
    turns.take('look', async () => {
      for (const zone of new Set([...zones, ...book.zones()])) await lookAt(zone, isLeaving)
      await carryOutAll()
    })

  return {
    zones,
    standingFor,
    freshOf,
    /** Looks at the sky, the clock and the switches, and does what follows. */
    look: () => look(),
    /** As if somebody had switched it off, until the next look. */
    restore: () => look(true),

    /** What a life before left undone. */
    async resume() {
      for (const zone of book.zones()) {
        const last = await book.lastOf(zone)
        if (last) undone.set(zone, last)
      }
    },

    async override(zone: string, override: Override | undefined) {
      await book.setOverride(zone, override)
      await look()
    },

    async switchOff(off: boolean) {
      await book.switchOff(off)
      await look()
    },

    /** A price in the making follows the weather; one that was told stays. */
    async price(order: OrderId) {
      if (!settings.orders) return
      const { rise } = standingFor(settings.orders.zone).standing
      if (rise === 0) return
      const intent = { key: `weather-tariffs.order:${order}`, data: { order, rise } }
      const outcome = await repricing.carryOut(intent, closing)
      if (outcome === 'refused') log.warn({ order }, 'An order stays at the usual price: it was refused')
    },
  }
}
