/** What a card gives is put into the next order of its holder, whoever makes it: we or an operator. */
import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import type { Intents } from '#core/calls/intents.ts'
import type { Clock } from '#core/clock.ts'
import { reasonOf } from '#core/errors.ts'
import type { DiscountCard, Dispatch, OrderChange } from '#core/ports/dispatch.ts'
import type { CallId, OrderId, Phone } from '#core/schema.ts'
import type { CardTables, PresetsTable } from './tables.ts'

const minute = 60_000

export function openPresets(parts: {
  clock: Clock
  database: Kysely<CardTables>
  dispatch: Dispatch
  intents: Intents
  log: Logger
  /** Minutes. */
  within: number
}) {
  const { clock, database, dispatch, intents, log } = parts
  const within = parts.within * minute

  const presetting = intents.declare<{ order: OrderId; change: OrderChange }, string>(
    'discount-cards.preset',
    {
      // Done twice it is as done once.
      find: async () => undefined,
      async perform({ order, change }, signal) {
        const done = await dispatch.updateOrder(order, change, signal)
        return done.outcome === 'refused' ? `refused: ${done.because}` : done.outcome
      },
    },
  )

  async function newestOf(phone: Phone): Promise<PresetsTable | undefined> {
    return await database
      .selectFrom('discount_cards_presets')
      .selectAll()
      .where('phone', '=', phone)
      .where('at', '>', clock.now() - within)
      .orderBy('at', 'desc')
      .limit(1)
      .executeTakeFirst()
  }

  async function isAnyOpen(): Promise<boolean> {
    const open = await database
      .selectFrom('discount_cards_presets')
      .select('call')
      .where('at', '>', clock.now() - within)
      .where('order_id', 'is', null)
      .limit(1)
      .executeTakeFirst()
    return open !== undefined
  }

  async function preset(order: OrderId, { call, tariff, discount }: PresetsTable, signal: AbortSignal) {
    const change = {
      ...(tariff !== null && { tariffId: tariff }),
      ...(discount !== null && { discountId: discount }),
      recalculate: true,
    }
    const intent = { key: `discount-cards.preset:${order}`, call, data: { order, change } }
    const outcome = await presetting.carryOut(intent, signal)
    if (outcome !== 'changed') log.warn({ call, order, outcome }, 'The order did not get what the card gives')
    await database
      .updateTable('discount_cards_presets')
      .set({ order_id: order })
      .where('call', '=', call)
      .execute()
  }

  return {
    async keep(call: CallId, phone: Phone, { tariffId, discountId }: DiscountCard) {
      const row = { phone, tariff: tariffId ?? null, discount: discountId ?? null, at: clock.now() }
      await database
        .insertInto('discount_cards_presets')
        .values({ ...row, call, order_id: null })
        .onConflict((conflict) => conflict.column('call').doUpdateSet(row))
        .execute()
    },

    /** An order has appeared. */
    async appeared(order: OrderId, signal: AbortSignal) {
      try {
        if (!(await isAnyOpen())) return
        const phone = (await dispatch.findOrder(order, signal))?.phone
        const newest = phone === undefined ? undefined : await newestOf(phone)
        if (newest?.order_id === null) await preset(order, newest, signal)
      } catch (thrown) {
        if (!signal.aborted)
          log.error({ order, reason: reasonOf(thrown) }, 'The order did not get what the card gives')
      }
    },

    async forget() {
      const before = clock.now() - within
      await database.deleteFrom('discount_cards_presets').where('at', '<', before).execute()
    },
  }
}
