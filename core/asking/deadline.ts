import type { Clock } from '../clock.ts'
import { CallbusError, type ErrorCode } from '../errors.ts'

/** Lets go of whatever a broken question still had under way. */
const broken = new Error('the question is broken off')

interface Deadline {
  clock: Clock
  milliseconds: number
  request: string
  /** How lateness is coded. */
  code?: ErrorCode
}

/** Runs a question with the asker's signal and a deadline; settles as soon as either is through. */
export async function withDeadline<Value>(
  signal: AbortSignal,
  { clock, milliseconds, request, code = 'DISPATCH_LATE' }: Deadline,
  run: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  signal.throwIfAborted()
  const both = new AbortController()
  const abandon = () => both.abort(signal.reason)
  signal.addEventListener('abort', abandon, { once: true })
  const takeBack = clock.after(milliseconds, () =>
    both.abort(new CallbusError(code, { request, milliseconds })),
  )
  try {
    return await run(both.signal)
  } catch (thrown) {
    both.abort(broken)
    throw thrown
  } finally {
    takeBack()
    signal.removeEventListener('abort', abandon)
  }
}
