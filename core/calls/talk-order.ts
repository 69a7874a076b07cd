/** What is asked for when two are to talk. */
import type { Moment } from '../schema.ts'
import type { Partner } from './caller.ts'
import type { ConversationTools } from './conversation.ts'
import type { TalkState } from './talk-state.ts'

/** How the talk stood when we found it after a restart. */
export interface FoundTalk {
  state: TalkState
  other?: Partner | undefined
}

export type TalkTools = Pick<
  ConversationTools,
  'bus' | 'clock' | 'defaultMusic' | 'goTo' | 'leaving' | 'ringer' | 'showNumber' | 'telephony' | 'voice'
>

export interface TalkOrder {
  talk: string
  since: Moment
  again?: boolean
  /** Seconds. */
  atMost?: number | undefined
  found?: FoundTalk | undefined
}
