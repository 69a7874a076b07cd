/** Something for a dispatcher's screen, with buttons that open what it is about. */
import type { OrderId } from '../../schema.ts'

export interface Card {
  title?: string
  text: string
  kind?: 'information' | 'warning' | 'error'
  /** Until it goes by itself; without it: until somebody closes it. */
  seconds?: number
  /** The dispatch program's users to show it to; without them: everybody. */
  users?: string[]
  order?: OrderId
  clientId?: string
  driverId?: string
  crewId?: string
  carId?: string
}
