import type { Clock } from './clock.ts'

interface Limit {
  clock: Pick<Clock, 'after'>
  milliseconds: number
  /** What is thrown when it took longer. */
  late(): Error
}

/** What comes of it, unless that takes too long; the work itself goes on. */
export async function inTime<Value>(
  work: Promise<Value>,
  { clock, milliseconds, late }: Limit,
): Promise<Value> {
  const { promise: lateness, reject } = Promise.withResolvers<never>()
  const takeBack = clock.after(milliseconds, () => reject(late()))
  try {
    return await Promise.race([work, lateness])
  } finally {
    takeBack()
  }
}
