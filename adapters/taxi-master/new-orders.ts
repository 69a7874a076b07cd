/** Creates orders, each once however often it is asked. */
import type { Clock } from '#core/clock.ts'
import type { Creation, OrderDraft } from '#core/ports/dispatch.ts'
import type { OrderId } from '#core/schema.ts'
import { codes, found, refusal } from './answers.ts'
import type { ListedOrder } from './common-api/orders.ts'
import type { CommonApi } from './common-api.ts'
import { toServerTime } from './moments.ts'
import { toDispatchPhone } from './phone-rules.ts'
import { toRefusal, toTheirId } from './refusals.ts'
import { type Site, toAddressFields } from './translate.ts'

const method = 'create_order2'
const keysKept = 1000
const fields = ['id', 'state_id', 'source', 'comment', 'attribute_values'] as const
const minute = 60_000

/**
 * Taxi-Master takes no key of ours, so the key travels with the order, and before an order is created the
 * number's orders are looked through for it: a try whose answer was lost is found again, also by another
 * process.
 */
export function openNewOrders({ commonApi, clock }: { commonApi: CommonApi; clock: Clock }, site: Site) {
  const { newOrders, phones } = site.settings
  const known = new Map<string, OrderId>()
  const underWay = new Map<string, Promise<unknown>>()

  async function ordersOf(phone: string, draft: OrderDraft, signal: AbortSignal): Promise<ListedOrder[]> {
    const current = commonApi.currentOrders(fields, signal, { phone })
    if (draft.firstTriedAt === undefined) return found('get_current_orders', await current)?.orders ?? []
    const since = {
      start_time: toServerTime(draft.firstTriedAt - minute, site.timeZone),
      finish_time: toServerTime(clock.now() + minute, site.timeZone),
      phone,
    }
    const finished = commonApi.finishedOrders(since, fields, signal)
    const [now, before] = await Promise.all([current, finished])
    return [
      ...(found('get_current_orders', now)?.orders ?? []),
      ...(found('get_finished_orders', before)?.orders ?? []),
    ]
  }

  function hasKey({ comment, attribute_values }: ListedOrder, key: string): boolean {
    const attribute = attribute_values?.find(({ id }) => id === newOrders.keyAttribute)
    return attribute?.str_value === key || (comment?.split(/\s+/).includes(mark(key)) ?? false)
  }

  function toFields(draft: OrderDraft, phone: string) {
    const at = draft.at ?? clock.now()
    const isPrior = at - clock.now() > newOrders.priorMinutes * minute
    const { keyAttribute } = newOrders
    const comment = keyAttribute ? draft.comment : [draft.comment, mark(draft.key)].filter(Boolean).join(' ')
    const numbered = (id: string | undefined) => (id === undefined ? undefined : toTheirId(id, method))
    return {
      phone,
      client_id: numbered(draft.clientId),
      addresses: draft.stops.map(toAddressFields),
      source_time: toServerTime(at, site.timeZone),
      passenger: draft.passenger,
      phone_to_dial: draft.phoneToDial && toDispatchPhone(draft.phoneToDial, phones.orders),
      comment,
      crew_group_id: numbered(draft.carGroupId),
      tariff_id: numbered(draft.tariffId),
      is_prior: isPrior || undefined,
      check_duplicate: true,
      total_cost: draft.price,
      attribute_values: keyAttribute ? [{ id: keyAttribute, str_value: draft.key }] : undefined,
    }
  }

  function remember(key: string, order: OrderId) {
    known.set(key, order)
    const [oldest] = known.keys()
    if (known.size > keysKept && oldest !== undefined) known.delete(oldest)
  }

  async function createOnce(draft: OrderDraft, signal: AbortSignal): Promise<Creation> {
    const remembered = known.get(draft.key)
    if (remembered) return { outcome: 'already-there', order: remembered }

    const phone = toDispatchPhone(draft.phone, phones.orders)
    const earlier = (await ordersOf(phone, draft, signal)).find((order) => hasKey(order, draft.key))
    if (earlier) {
      remember(draft.key, String(earlier.id))
      return { outcome: 'already-there', order: String(earlier.id) }
    }

    const answer = await commonApi.createOrder(toFields(draft, phone), signal)
    if (answer.ok) {
      if (!answer.data.order_id) throw refusal(method, { code: 0, descr: 'no order came of it' })
      remember(draft.key, String(answer.data.order_id))
      return { outcome: 'created', order: String(answer.data.order_id) }
    }
    const same = answer.code === codes.sameOrder ? await sameAs(draft, phone, signal) : undefined
    if (same) return { outcome: 'already-there', order: String(same.id) }
    return { outcome: 'refused', because: toRefusal(method, answer) }
  }

  /** The order that Taxi-Master takes for the same: of this number from this pickup, or the newest of it. */
  async function sameAs(draft: OrderDraft, phone: string, signal: AbortSignal) {
    const orders = await ordersOf(phone, draft, signal)
    return orders.findLast(({ source }) => source === draft.stops[0].address) ?? orders.at(-1)
  }

  return {
    async createOrder(draft: OrderDraft, signal: AbortSignal): Promise<Creation> {
      if (!/^[A-Za-z0-9-]{1,40}$/.test(draft.key)) {
        throw refusal(method, {
          code: 9,
          descr: 'the key has other characters than letters, digits and dashes',
        })
      }
      for (let before = underWay.get(draft.key); before; before = underWay.get(draft.key)) {
        await Promise.race([before, aborted(signal)])
        signal.throwIfAborted()
      }
      const creation = createOnce(draft, signal)
      const settled = creation.then(
        () => undefined,
        () => undefined,
      )
      underWay.set(draft.key, settled)
      try {
        return await creation
      } finally {
        underWay.delete(draft.key)
      }
    },
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

function mark(key: string): string {
  return `#${key}`
}
