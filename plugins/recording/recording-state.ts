export const recordingStates = ['recording', 'stored', 'lost'] as const
export type RecordingState = (typeof recordingStates)[number]

/** What can become known of a recording. */
export type Happening =
  /** Its file is in our folder. */
  | 'taken'
  /** The exchange has no such recording, and neither have we. */
  | 'missing'

/** `undefined` means "that changes nothing". A recording given up for lost may still be handed in late. */
export function nextState(state: RecordingState, happening: Happening): RecordingState | undefined {
  switch (state) {
    case 'recording':
      return happening === 'taken' ? 'stored' : 'lost'
    case 'lost':
      return happening === 'taken' ? 'stored' : undefined
    case 'stored':
      return undefined
  }
}

/** What to do about an open recording after the exchange was away, or we were. */
export function afterAbsence(talkGoesOn: boolean): 'let it run' | 'stop and take it' {
  return talkGoesOn ? 'let it run' : 'stop and take it'
}
