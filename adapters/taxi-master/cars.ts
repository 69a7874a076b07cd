/** Crews, their cars, and where they are. */
import type {
  Car,
  Coordinates,
  Crew,
  CrewPosition,
  CrewState,
  CrewsNear,
  DriverPhones,
} from '#core/ports/dispatch.ts'
import { withoutDispatch } from '#core/ports/without-dispatch.ts'
import { found, granted, refusal } from './answers.ts'
import type { CommonApi } from './common-api.ts'
import { fromServerTime } from './moments.ts'
import { toTheirId } from './refusals.ts'
import type { Tapi } from './tapi.ts'
import { type Site, toCar, toPhone } from './translate.ts'

const crewStates: ReadonlyMap<string, CrewState> = new Map([
  ['waiting', 'waiting'],
  ['on_order', 'on-order'],
  ['on_break', 'on-break'],
])

export function openCars({ commonApi, tapi }: { commonApi: CommonApi; tapi: Tapi }, site: Site) {
  return {
    async crews(signal: AbortSignal): Promise<Crew[]> {
      const { crews_info } = granted('get_crews_info', await commonApi.crews(signal))
      return crews_info.map(({ crew_id, code, driver_id, car_id, online }) => ({
        id: String(crew_id),
        callSign: code ?? '',
        ...(driver_id && { driverId: String(driver_id) }),
        ...(car_id && { carId: String(car_id) }),
        isOnLine: online ?? true,
      }))
    },

    async crewPositions(signal: AbortSignal): Promise<CrewPosition[]> {
      const all = found('get_crews_coords', await commonApi.crewsCoordinates(signal))?.crews_coords ?? []
      return all.map(({ crew_id, crew_code, coords_time, lat, lon, speed, state_kind }) => {
        const seenAt = fromServerTime(coords_time ?? '', site.timeZone)
        return {
          crewId: String(crew_id),
          callSign: crew_code ?? '',
          state: crewStates.get(state_kind ?? '') ?? 'off',
          at: { latitude: lat, longitude: lon },
          ...(seenAt !== undefined && { seenAt }),
          ...(speed != null && { speed }),
        }
      })
    },

    async crewsNear(at: Coordinates, radius: number, signal: AbortSignal): Promise<CrewsNear> {
      const point = { lat: at.latitude, lon: at.longitude }
      const counts = found('find_crews_by_coords', await commonApi.crewsNear(point, radius, signal))
      return { free: counts?.waiting_count ?? 0, busy: counts?.on_order_count ?? 0 }
    },

    async findCar(id: string, signal: AbortSignal): Promise<Car | undefined> {
      const car = found('get_car_info', await commonApi.car(id, signal))
      return car && (toCar({ colour: car.color, make: car.mark, plate: car.gos_number }) ?? {})
    },

    async takeOffLine(driverId: string, signal: AbortSignal) {
      const event = site.settings.offLineEvent
      if (event === undefined) return await withoutDispatch.takeOffLine(driverId, signal)
      const { crews_info } = granted('get_crews_info', await commonApi.crews(signal))
      const crew = crews_info.find(({ driver_id }) => String(driver_id) === driverId)
      if (!crew) return 'already-off'
      const parameters = { driver_id: toTheirId(driverId, 'run_system_event'), crew_id: crew.crew_id }
      const answer = await commonApi.runEvent(event, parameters, signal)
      if (!answer.ok) throw refusal('run_system_event', answer)
      // The script answers nothing: whether it did its work is seen in who is on the line.
      const now = granted('get_crews_info', await commonApi.crews(signal)).crews_info
      return now.some(({ crew_id }) => crew_id === crew.crew_id) ? 'refused' : 'taken'
    },

    async driverPhones(callSign: string, signal: AbortSignal): Promise<DriverPhones | undefined> {
      const phones = found('get_driver_phones_by_crew_code', await tapi.driverPhones(callSign, signal))
      if (!phones) return undefined
      const mobile = toPhone(phones.MOBILE_PHONE, site)
      const home = toPhone(phones.HOME_PHONE, site)
      return { ...(mobile && { mobile }), ...(home && { home }) }
    },
  }
}
