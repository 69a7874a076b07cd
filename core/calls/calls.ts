import type { CallId } from '../schema.ts'
import type { Call } from './call.ts'

/** The calls of this moment. */
export interface Calls {
  live(): readonly Call[]
  find(id: CallId): Call | undefined
  /** False when there is no such call. */
  hangUp(id: CallId): Promise<boolean>
  /** Records what the caller says and what he hears, apart, from now on. */
  startRecording(id: CallId, recording: string): Promise<void>
  stopRecording(recording: string): Promise<void>
  /** Brings a finished recording into a stereo WAV file of ours and removes it at the exchange. */
  takeRecording(recording: string, file: string): Promise<{ seconds: number }>
  onRecordingFinished(listener: (recording: string) => void): () => void
  /** Called whenever the exchange is connected and the calls that outlived us were taken over. */
  onRecovered(listener: () => void): () => void
}
