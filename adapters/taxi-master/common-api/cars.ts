/** Crews, cars and where they are. */
import Type from 'typebox'
import { Compile } from 'typebox/compile'
import { type Ask, Id, Maybe } from './shapes.ts'

const crews = Compile(
  Type.Object({
    crews_info: Type.Array(
      Type.Object({
        crew_id: Id,
        code: Maybe(Type.String()),
        driver_id: Maybe(Id),
        car_id: Maybe(Id),
        online: Maybe(Type.Boolean()),
        common_priority: Maybe(Type.Number()),
      }),
    ),
  }),
)
const coordinates = Compile(
  Type.Object({
    crews_coords: Type.Array(
      Type.Object({
        crew_id: Id,
        crew_code: Maybe(Type.String()),
        coords_time: Maybe(Type.String()),
        lat: Type.Number(),
        lon: Type.Number(),
        speed: Maybe(Type.Number()),
        state_kind: Maybe(Type.String()),
      }),
    ),
  }),
)
const counts = Compile(Type.Object({ waiting_count: Type.Integer(), on_order_count: Type.Integer() }))
const car = Compile(
  Type.Object({
    car_id: Id,
    color: Maybe(Type.String()),
    mark: Maybe(Type.String()),
    gos_number: Maybe(Type.String()),
  }),
)

export function carMethods(ask: Ask) {
  return {
    /** Only who is on the line, unless all are asked for. */
    crews: (signal: AbortSignal, { all = false } = {}) => {
      const fields = 'crew_id,code,driver_id,car_id,online,common_priority'
      const query = { ...(all && { not_working_crews: 'true' }), fields }
      return ask('get_crews_info', { query }, crews, signal)
    },

    /** Code 100 when nobody has coordinates. */
    crewsCoordinates: (signal: AbortSignal) => ask('get_crews_coords', { query: {} }, coordinates, signal),

    crewsNear: (point: { lat: number; lon: number }, radius: number, signal: AbortSignal) => {
      const query = { lat: String(point.lat), lon: String(point.lon), radius: String(radius) }
      return ask('find_crews_by_coords', { query }, counts, signal)
    },

    car: (carId: string, signal: AbortSignal) =>
      ask('get_car_info', { query: { car_id: carId, fields: 'color,mark,gos_number' } }, car, signal),
  }
}
