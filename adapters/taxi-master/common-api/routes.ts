/** Addresses, tariffs and prices. */
import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import { type Ask, Id, Maybe, Point, Sum } from './shapes.ts'

const Address = Type.Object({
  city: Maybe(Type.String()),
  street: Maybe(Type.String()),
  house: Maybe(Type.String()),
  point: Maybe(Type.String()),
  kind: Type.String(),
  comment: Maybe(Type.String()),
  coords: Maybe(Point),
})
export type Address = Static<typeof Address>

const addresses = Compile(Type.Object({ addresses: Type.Array(Address) }))
const address = Compile(Address)
const tariffs = Compile(
  Type.Object({
    tariffs: Type.Array(Type.Object({ id: Id, name: Type.String(), is_active: Maybe(Type.Boolean()) })),
  }),
)
const chosenTariff = Compile(Type.Object({ tariff_id: Id }))
const cost = Compile(
  Type.Object({
    sum: Type.Number(),
    info: Maybe(Type.Array(Type.Object({ comment: Maybe(Type.String()), sum: Sum }))),
  }),
)
const route = Compile(
  Type.Object({
    addresses: Type.Array(
      Type.Object({ lat: Maybe(Type.Number()), lon: Maybe(Type.Number()), zone_id: Maybe(Id) }),
    ),
  }),
)

export interface TripFields {
  client_id?: number | undefined
  phone?: string | undefined
  crew_group_id?: number | undefined
  tariff_id?: number | undefined
  source_time?: string | undefined
}

interface FoundPoint {
  lat: number
  lon: number
}

export function routeMethods(ask: Ask) {
  return {
    /** Nothing found is code 100, not an empty list. */
    addressesLike: (words: string, most: number, signal: AbortSignal) => {
      const query = {
        get_streets: 'true',
        get_points: 'true',
        get_houses: 'true',
        address: words,
        max_addresses_count: String(most),
      }
      return ask('get_addresses_like2', { query }, addresses, signal)
    },

    nearestAddress: ({ lat, lon }: FoundPoint, signal: AbortSignal) =>
      ask('find_nearest_address', { query: { lat: String(lat), lon: String(lon) } }, address, signal),

    analyzeRoute: (stops: readonly object[], signal: AbortSignal) =>
      ask('analyze_route2', { json: { addresses: stops }, isRepeatable: true }, route, signal),

    tariffs: (signal: AbortSignal) => ask('get_tariffs_list', { query: {} }, tariffs, signal),

    selectTariff: (trip: TripFields, stops: readonly FoundPoint[], signal: AbortSignal) => {
      const { phone: _, tariff_id: __, ...fields } = trip
      const json = { ...fields, addresses: stops.map(({ lat, lon }) => ({ lat, lon })) }
      return ask('select_tariff_for_order', { json, isRepeatable: true }, chosenTariff, signal)
    },

    /** The server itself works out distances and zones. */
    calculateCost: (trip: TripFields, stops: readonly FoundPoint[], signal: AbortSignal) => {
      const [from, to] = [stops[0], stops.length > 1 ? stops.at(-1) : undefined]
      const json = {
        ...trip,
        ...(from && { source_lat: from.lat, source_lon: from.lon }),
        ...(to && { dest_lat: to.lat, dest_lon: to.lon }),
        ...(stops.length > 2 && { stops: stops.slice(1, -1).map(({ lat, lon }) => ({ lat, lon })) }),
        analyze_route: true,
      }
      return ask('calc_order_cost2', { json, isRepeatable: true }, cost, signal)
    },
  }
}
