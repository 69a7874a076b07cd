/**
 * What we need to tell people something where they are: by e-mail, to their own program, later by messenger. Each
 * adapter that provides `messages` is one way; the name of the adapter is the name of the way.
 */
import type { Moment } from '../schema.ts'

export interface Message {
  /** Names this one message to this one person for ever: whoever sees it twice has seen it before. */
  id: string
  at: Moment
  subject: string
  text: string
  /** Why it is told, and to him. */
  because: string
  attachment?: Attachment
}

export interface Attachment {
  /** Absolute path on our disk. */
  file: string
  /** What it is called there: `complaint.wav`. */
  name: string
  /** `audio/wav` */
  type: string
}

export interface MessageCarrier {
  readonly capabilities: { attachments: boolean }

  /**
   * Hands it over to the address of one person. Rejects with `MESSAGE_REFUSED` when trying again is of no use, with
   * `MESSAGE_UNSENT` when it may be. The same id may come again after a kill.
   */
  carry(message: Message, address: string, signal: AbortSignal): Promise<void>
}
