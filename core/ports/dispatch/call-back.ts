/** A call that the dispatch program asked us to make, and how far it has come. */
import type { OrderId } from '../../schema.ts'

export const callBackProgress = ['accepted', 'started', 'delivered', 'busy', 'no-answer', 'failed'] as const
export type CallBackProgress = (typeof callBackProgress)[number]

export interface CallBackReport {
  order: OrderId
  called: 'client' | 'driver'
  progress: CallBackProgress
  /** The order's state when the call was asked for; without it: the state it is in. */
  stateId?: string
}
