/** Places, tariffs and prices. */
import type { Coordinates, Cost, KnownPlace, Tariff, Trip } from '#core/ports/dispatch.ts'
import { found, granted } from './answers.ts'
import { toSum } from './common-api/shapes.ts'
import type { CommonApi } from './common-api.ts'
import { toServerTime } from './moments.ts'
import { toDispatchPhone } from './phone-rules.ts'
import { toTheirId } from './refusals.ts'
import { type Site, toAddressFields, toKnownPlace } from './translate.ts'

const mostPlaces = 20

interface Point {
  lat: number
  lon: number
}

export function openTrips({ commonApi }: { commonApi: CommonApi }, site: Site) {
  /** Prices and tariffs go by points; Taxi-Master itself knows where an address is. */
  async function pointsOf({ stops }: Trip, signal: AbortSignal): Promise<Point[] | undefined> {
    const known = stops.flatMap(({ at }) => (at ? [{ lat: at.latitude, lon: at.longitude }] : []))
    if (known.length === stops.length) return known
    const given = stops.map((stop) => ({ ...toAddressFields(stop) }))
    const route = found('analyze_route2', await commonApi.analyzeRoute(given, signal))
    const points = route?.addresses.flatMap(({ lat, lon }) =>
      lat != null && lon != null ? [{ lat, lon }] : [],
    )
    return points?.length === stops.length ? points : undefined
  }

  function toTripFields(trip: Trip, request: string) {
    const numbered = (id: string | undefined) => (id === undefined ? undefined : toTheirId(id, request))
    return {
      client_id: numbered(trip.clientId),
      phone: trip.phone && toDispatchPhone(trip.phone, site.settings.phones.orders),
      crew_group_id: numbered(trip.carGroupId),
      tariff_id: numbered(trip.tariffId),
      source_time: trip.at === undefined ? undefined : toServerTime(trip.at, site.timeZone),
    }
  }

  return {
    async findPlaces(words: string, signal: AbortSignal): Promise<KnownPlace[]> {
      const answer = await commonApi.addressesLike(words, mostPlaces, signal)
      return found('get_addresses_like2', answer)?.addresses.map(toKnownPlace) ?? []
    },

    async placeAt({ latitude, longitude }: Coordinates, signal: AbortSignal) {
      const answer = await commonApi.nearestAddress({ lat: latitude, lon: longitude }, signal)
      const address = found('find_nearest_address', answer)
      return address && toKnownPlace(address)
    },

    async tariffs(signal: AbortSignal): Promise<Tariff[]> {
      const { tariffs } = granted('get_tariffs_list', await commonApi.tariffs(signal))
      return tariffs.map(({ id, name, is_active }) => ({ id: String(id), name, isActive: is_active ?? true }))
    },

    async tariffFor(trip: Trip, signal: AbortSignal): Promise<string | undefined> {
      const points = await pointsOf(trip, signal)
      if (!points) return undefined
      const fields = toTripFields(trip, 'select_tariff_for_order')
      const chosen = found('select_tariff_for_order', await commonApi.selectTariff(fields, points, signal))
      return chosen?.tariff_id ? String(chosen.tariff_id) : undefined
    },

    async costOf(trip: Trip, signal: AbortSignal): Promise<Cost | undefined> {
      const points = await pointsOf(trip, signal)
      if (!points) return undefined
      const fields = toTripFields(trip, 'calc_order_cost2')
      const cost = found('calc_order_cost2', await commonApi.calculateCost(fields, points, signal))
      if (!cost) return undefined
      const parts = cost.info?.map(({ comment, sum }) => ({ about: comment ?? '', sum: toSum(sum) })) ?? []
      return { sum: cost.sum, parts }
    },
  }
}
