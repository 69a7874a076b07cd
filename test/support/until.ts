import { setTimeout as pause } from 'node:timers/promises'

export interface UntilOptions {
  /** Said when it never comes true. */
  what: string
  /** Milliseconds; a bound against waiting for ever, not a measurement. */
  within?: number
  every?: number
}

/** Asks again and again until the answer is there, for worlds that cannot call us back. */
export async function until<Answer>(
  ask: () => Answer | undefined | false | Promise<Answer | undefined | false>,
  { what, within = 30_000, every = 20 }: UntilOptions,
): Promise<Answer> {
  const end = performance.now() + within
  for (;;) {
    const answer = await ask()
    if (answer !== undefined && answer !== false) return answer
    if (performance.now() > end) throw new Error(`Waited ${within} ms in vain: ${what}`)
    await pause(every)
  }
}
