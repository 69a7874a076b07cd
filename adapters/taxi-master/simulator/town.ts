/** Streets, prices, crews and screens of the simulated company. */
import { drivers, streets } from './cast.ts'
import { type Method, no, ok, only, toTime } from './common-api.ts'

const pointOf = (index: number) => ({ lat: 50.4 + index / 100, lon: 30.5 + index / 100 })

const callSignOf = (driverId: number) => String(drivers.findIndex(({ id }) => id === driverId) + 1)

const tariffs = [
  { id: 1, name: 'Стандарт', is_active: true },
  { id: 2, name: 'Комфорт', is_active: true },
  { id: 3, name: 'Зимний', is_active: false },
]

export function townMethods({ now }: { now: () => number }) {
  const attributes = new Map<number, { id: number } & Record<string, unknown>>([
    [1, { id: 1, num_value: 20 }],
    [2, { id: 2, bool_value: false }],
    [3, { id: 3, str_value: 'ясно' }],
  ])
  /** Drivers who are not on the line. */
  const offLine = new Set<number>()
  const onLine = () => drivers.filter(({ id }) => !offLine.has(id))
  const messages: Record<string, unknown>[] = []
  const feedback: Record<string, unknown>[] = []
  const sms: { phone: string; message: string }[] = []

  const get = (answer: (parameters: Record<string, string>) => ReturnType<typeof ok>): Method => ({
    verb: 'GET',
    answer,
  })
  const json = (answer: (body: Record<string, unknown>) => ReturnType<typeof ok>): Method => ({
    verb: 'POST',
    json: true,
    answer,
  })
  const isPoint = (value: unknown): value is { lat: number; lon: number } =>
    typeof value === 'object' && value !== null && 'lat' in value && typeof value.lat === 'number'

  const addressAt = (index: number) => ({
    address_source: 'tm',
    city: 'Город',
    street: streets[index],
    house: '1',
    point: '',
    kind: 'house',
    comment: '',
    coords: pointOf(index),
  })

  const methods: Record<string, Method> = {
    get_tariffs_list: get(() => ok({ tariffs })),

    get_addresses_like2: get(({ address = '' }) => {
      const found = streets.flatMap((street, index) =>
        street.toLowerCase().includes(address.toLowerCase().split(',')[0] ?? '') ? [addressAt(index)] : [],
      )
      return found.length > 0 ? ok({ addresses: found }) : no(100, 'Nothing found')
    }),

    find_nearest_address: get(({ lat, lon }) => {
      if (!lat || !lon) return no(8, 'Required parameter missing')
      const index = Math.round((Number(lat) - 50.4) * 100)
      return streets[index] ? ok(addressAt(index)) : no(100, 'Nothing found')
    }),

    analyze_route2: json(({ addresses }) => {
      if (!Array.isArray(addresses)) return no(8, 'Required parameter missing')
      const known = addresses.map((each: unknown) => {
        if (isPoint(each)) return { ...each, zone_id: 1, parking_id: 1 }
        const words = String((each as { address?: unknown } | null)?.address)
        const index = streets.findIndex((street) => words.includes(street))
        return index < 0 ? undefined : { address: words, ...pointOf(index), zone_id: 1, parking_id: 1 }
      })
      if (known.some((each) => !each)) return no(100, 'No route')
      return ok({ addresses: known, city_dist: 4.2, country_dist: 0, source_country_dist: 0 })
    }),

    select_tariff_for_order: json(({ addresses }) =>
      Array.isArray(addresses) ? ok({ tariff_id: 1 }) : no(8, 'Required parameter missing'),
    ),

    calc_order_cost2: json(({ tariff_id = 1, source_lat }) => {
      if (!tariffs.some(({ id }) => id === tariff_id)) return no(100, 'Tariff not found')
      if (typeof source_lat !== 'number') return no(104, 'Pickup zone unknown')
      const perRide = Number(tariff_id) * 100
      return ok({
        sum: perRide + 50,
        info: [
          { comment: 'Подача', sum: '50' },
          { comment: 'Путь', sum: `${perRide}.00` },
        ],
      })
    }),

    get_global_attributes: get(() => ok({ global_attributes: [...attributes.values()] })),

    update_global_attribute: json((body) => {
      const id = Number(body.id)
      if (!attributes.has(id)) return no(100, 'Attribute not found')
      attributes.set(id, { ...body, id })
      return ok()
    }),

    get_crews_info: get(({ fields, not_working_crews }) =>
      ok({
        crews_info: (not_working_crews === 'true' ? drivers : onLine()).map(({ id, car, priority }) =>
          only(fields, {
            crew_id: id + 100,
            code: callSignOf(id),
            driver_id: id,
            car_id: car.id,
            online: !offLine.has(id),
            common_priority: priority,
          }),
        ),
      }),
    ),

    get_crews_coords: get(() => {
      if (onLine().length === 0) return no(100, 'No coordinates')
      return ok({
        crews_coords: onLine().map(({ id }, index) => ({
          crew_id: id + 100,
          crew_code: callSignOf(id),
          coords_time: toTime(now()),
          ...pointOf(index % streets.length),
          speed: index,
          direction: -1,
          state_kind: index % 2 ? 'on_order' : 'waiting',
        })),
      })
    }),

    find_crews_by_coords: get(({ lat, lon, radius }) =>
      lat && lon && radius
        ? ok({ waiting_count: Number(radius) > 1 ? 5 : 1, on_order_count: 3 })
        : no(8, 'Required parameter missing'),
    ),

    get_car_info: get(({ car_id, fields }) => {
      const car = drivers.find((driver) => driver.car.id === Number(car_id))?.car
      if (!car) return no(100, 'Car not found')
      return ok(only(fields, { car_id: car.id, color: car.colour, mark: car.make, gos_number: car.plate }))
    }),

    send_sms: {
      verb: 'POST',
      answer({ phone, message }) {
        if (!phone || !message) return no(8, 'Required parameter missing')
        sms.push({ phone, message })
        return ok()
      },
    },

    save_client_feed_back: json((body) => {
      const { phone, rating, text } = body
      if (typeof phone !== 'string' || rating === undefined || typeof text !== 'string')
        return no(8, 'Required parameter missing')
      if (![1, 2, 3, 4, 5].includes(Number(rating))) return no(9, 'Incorrect value')
      feedback.push(body)
      return ok()
    }),

    show_tm_message: json((body) => {
      if (typeof body.text !== 'string') return no(8, 'Required parameter missing')
      const users = Array.isArray(body.users) ? body.users : []
      if (users.some((user) => Number(user) > 10)) return no(100, 'Users not found')
      messages.push(body)
      return ok()
    }),
  }
  return { methods, attributes, feedback, messages, sms, offLine }
}
