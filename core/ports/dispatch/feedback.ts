import type { OrderId, Phone } from '../../schema.ts'

/** What a client thinks of a ride. */
export interface Feedback {
  phone: Phone
  /** 1 to 5, the best. */
  mark: number
  text: string
  order?: OrderId
}
