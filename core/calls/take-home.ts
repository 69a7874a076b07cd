/** A recording on its way from the exchange into a file of ours, whatever was killed in between. */
import { open } from 'node:fs/promises'
import { CallbusError, reasonOf } from '../errors.ts'
import type { Calls } from './calls.ts'

export type CameHome =
  | { is: 'taken'; seconds: number }
  /** The exchange has no such recording, and neither have we. */
  | { is: 'missing' }
  /** The exchange cannot be asked now. */
  | { is: 'away'; because: string }

/** Why it could not be stopped now; `undefined` when it is stopped. */
export async function stopRecording(
  calls: Pick<Calls, 'stopRecording'>,
  recording: string,
): Promise<string | undefined> {
  try {
    await calls.stopRecording(recording)
  } catch (thrown) {
    return isRefusal(thrown) ? undefined : reasonOf(thrown)
  }
  return undefined
}

/** Also finds what an earlier life of ours has brought home already. */
export async function takeHome(
  calls: Pick<Calls, 'takeRecording'>,
  recording: string,
  file: string,
): Promise<CameHome> {
  try {
    const { seconds } = await calls.takeRecording(recording, file)
    return { is: 'taken', seconds }
  } catch (thrown) {
    const seconds = await secondsOf(file)
    if (seconds !== undefined) return { is: 'taken', seconds }
    return isRefusal(thrown) ? { is: 'missing' } : { is: 'away', because: reasonOf(thrown) }
  }
}

/** The exchange could be asked and said no: it has no such recording. */
function isRefusal(thrown: unknown): boolean {
  return thrown instanceof CallbusError && thrown.code === 'EXCHANGE_REFUSED'
}

/** Length of a WAV file that is there already; `undefined` when there is none to speak of. */
async function secondsOf(file: string): Promise<number | undefined> {
  try {
    await using handle = await open(file)
    const head = Buffer.alloc(44)
    const { bytesRead } = await handle.read(head, 0, head.length, 0)
    if (bytesRead < head.length || head.toString('latin1', 0, 4) !== 'RIFF') return undefined
    const bytesPerSecond = head.readUInt32LE(28)
    return bytesPerSecond > 0 ? ((await handle.stat()).size - head.length) / bytesPerSecond : undefined
  } catch {
    return undefined
  }
}
