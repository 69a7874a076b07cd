import type { AsteriskInstance } from '../test/asterisk/instance.ts'
import { callLoad, type LoadResult } from '../test/support/sipp.ts'
import { untilQuiet } from './exchange.ts'
import { callers, type Subject as Name, numbers } from './numbers.ts'
import type { Program } from './program.ts'

/** What is compared: a number of the exchange and the program behind it. */
export interface Subject {
  name: Name
  /** None behind the plain dialplan. */
  program: Program | undefined
}

export interface Load {
  rate: number
  calls: number
  to?: string
  /** The exchange, or the stopwatch before it. */
  target: { sipPort: number }
}

/** Callers who ring, hear what is said, and are hung up on; the exchange is without calls afterwards. */
export async function ringAt(
  { name }: Pick<Subject, 'name'>,
  asterisk: AsteriskInstance,
  { calls, rate, target, to = numbers[name] }: Load,
): Promise<LoadResult> {
  const result = await callLoad({
    target,
    rate,
    calls,
    from: callers,
    to,
    hold: 'until they hang up',
    durationLimit: Math.ceil(calls / rate) + 20,
  })
  await untilQuiet(asterisk)
  return result
}
