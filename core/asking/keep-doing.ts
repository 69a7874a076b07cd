import type { Clock } from '../clock.ts'

interface Repeat {
  clock: Clock
  signal: AbortSignal
  /** Milliseconds before the next time. */
  pause(): number
  failed(thrown: unknown): void
}

/** Repeats a piece of work with a pause before each time, until the signal aborts; a failure is only told. */
export async function keepDoing(
  work: (signal: AbortSignal) => Promise<void>,
  { clock, signal, pause, failed }: Repeat,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await clock.sleep(pause(), signal)
      await work(signal)
    } catch (thrown) {
      if (!signal.aborted) failed(thrown)
    }
  }
}
