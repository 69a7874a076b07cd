/** How those in a talk are put together, and what each verb makes of it. */

export type TalkState =
  /** Client and partner hear each other. */
  | 'together'
  /** The client hears music, the partner nothing. */
  | 'held'
  /** The client is held while another's phone rings for the partner. */
  | 'asking'
  /** The client is held while the partner talks with the other. */
  | 'consulting'
  /** The other is held while the partner talks with the client. */
  | 'swapped'

export type TalkMove =
  | 'hold'
  | 'unhold'
  | 'ask'
  /** The other took up. */
  | 'answered'
  | 'swap'
  /** The other is let go, or never came, or left. */
  | 'without-other'
  /** All three together. */
  | 'conference'
  /** The client and the other, without the partner. */
  | 'complete'
  /** Somebody else is the partner from now on. */
  | 'take-over'

const table: Record<TalkState, Partial<Record<TalkMove, TalkState>>> = {
  together: { hold: 'held', ask: 'asking', 'take-over': 'together' },
  held: { unhold: 'together', ask: 'asking', 'take-over': 'together' },
  asking: { answered: 'consulting', 'without-other': 'together' },
  consulting: { swap: 'swapped', 'without-other': 'together', conference: 'together', complete: 'together' },
  swapped: { swap: 'consulting', 'without-other': 'together', conference: 'together', complete: 'together' },
}

/** `undefined` means "that cannot be done now": the talk stays as it is. */
export function nextTalk(state: TalkState, move: TalkMove): TalkState | undefined {
  return table[state][move]
}

export function isHeld(state: TalkState): boolean {
  return state !== 'together' && state !== 'swapped'
}
