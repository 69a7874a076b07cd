/** Where a client is picked up as a rule. */
import type { Clock } from '#core/clock.ts'
import type { Pickups, Place } from '#core/ports/dispatch.ts'
import type { Phone } from '#core/schema.ts'
import { found } from './answers.ts'
import type { ListedOrder } from './common-api/orders.ts'
import type { CommonApi } from './common-api.ts'
import { toServerTime } from './moments.ts'
import { toDispatchPhone } from './phone-rules.ts'
import type { Site } from './translate.ts'

const fields = ['id', 'state_id', 'source', 'source_lat', 'source_lon'] as const
const day = 24 * 3_600_000

export function openPickups({ commonApi, clock }: { commonApi: CommonApi; clock: Clock }, site: Site) {
  const { newOrders, phones } = site.settings

  async function pastOf(phone: Phone, signal: AbortSignal): Promise<Pickups['past']> {
    const now = clock.now()
    const given = {
      start_time: toServerTime(now - newOrders.pickupDays * day, site.timeZone),
      finish_time: toServerTime(now, site.timeZone),
      phone: toDispatchPhone(phone, phones.orders),
      state_type: 'finished',
    } as const
    const answer = await commonApi.finishedOrders(given, fields, signal)
    const orders = found('get_finished_orders', answer)?.orders ?? []
    const past = new Map<string, Pickups['past'][number]>()
    for (const order of orders.toSorted((one, other) => other.id - one.id)) {
      const place = toPlace(order)
      if (!place) continue
      const known = past.get(place.address)
      if (known) known.orders += 1
      else past.set(place.address, { ...place, orders: 1 })
    }
    return [...past.values()]
  }

  async function homeOf(clientId: string, signal: AbortSignal): Promise<Place | undefined> {
    const client = found('get_client_info', await commonApi.clientAddress(clientId, signal))
    const address = client?.address?.trim()
    return address ? { address } : undefined
  }

  return {
    async pickupsOf(
      { phone, clientId }: { phone: Phone; clientId?: string },
      signal: AbortSignal,
    ): Promise<Pickups> {
      const [past, home] = await Promise.all([
        pastOf(phone, signal),
        clientId === undefined ? undefined : homeOf(clientId, signal),
      ])
      return { past, ...(home && { home }) }
    },
  }
}

/** Coordinates of 0 are none. */
function toPlace({ source, source_lat, source_lon }: ListedOrder): Place | undefined {
  const address = source?.trim()
  if (!address) return undefined
  const [latitude, longitude] = [Number(source_lat ?? 0), Number(source_lon ?? 0)]
  return latitude && longitude ? { address, at: { latitude, longitude } } : { address }
}
