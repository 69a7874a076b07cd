import type { Moment, Phone } from '../../schema.ts'
import type { Place } from './place.ts'

export interface Tariff {
  id: string
  name: string
  isActive: boolean
}

/** A way to be priced. */
export interface Trip {
  stops: [pickup: Place, ...Place[]]
  tariffId?: string
  clientId?: string
  phone?: Phone
  carGroupId?: string
  at?: Moment
}

export interface Cost {
  sum: number
  /** What it is made of, in the dispatch program's words. */
  parts: { about: string; sum: number }[]
}
