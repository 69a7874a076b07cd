import type { Moment, Phone } from '../../schema.ts'
import type { Coordinates } from './place.ts'

/** A driver with a car, on the line. */
export interface Crew {
  id: string
  /** What the dispatcher calls him by radio. */
  callSign: string
  driverId?: string
  carId?: string
  isOnLine: boolean
}

export type CrewState = 'off' | 'waiting' | 'on-order' | 'on-break'

export interface CrewPosition {
  crewId: string
  callSign: string
  state: CrewState
  at: Coordinates
  seenAt?: Moment
  /** Kilometres an hour. */
  speed?: number
}

export interface CrewsNear {
  free: number
  busy: number
}

export interface DriverPhones {
  mobile?: Phone
  home?: Phone
}
