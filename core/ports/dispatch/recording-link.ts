/** Where the recording of a talk lies, for the order's card. */
import type { Moment, Phone } from '../../schema.ts'

export const recordedResults = [
  'answered',
  'no-answer',
  'missed',
  'transferred',
  'broken-off',
  'answered-elsewhere',
] as const

export interface RecordingLink {
  /** Unique for every attachment: one that is sent again gets another. At most 60 characters. */
  id: string
  phone: Phone
  /** As the dispatcher's computer reaches it: a path of a share or an address. At most 255 characters. */
  file: string
  startedAt: Moment
  seconds: number
  direction: 'incoming' | 'outgoing'
  result?: (typeof recordedResults)[number]
  /** The dispatch program's login of who talked. */
  user?: string
}
