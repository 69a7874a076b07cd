type Racer<Value> = (signal: AbortSignal) => Promise<Value>
type First<Racers extends Record<string, Racer<unknown>>> = {
  [Name in keyof Racers]: { won: Name; value: Awaited<ReturnType<Racers[Name]>> }
}[keyof Racers]

/**
 * Runs several waits, keeps the first to settle, cancels the others and waits until they have let go.
 * Rejects with the first's rejection, or with the outer signal's reason.
 *
 *     const first = await firstOf(caller.signal, {
 *       operator: (signal) => place.operator(signal),
 *       patience: (signal) => clock.sleep(60_000, signal),
 *     })
 *     if (first.won === 'operator') return caller.talkTo(first.value)
 */
export async function firstOf<const Racers extends Record<string, Racer<unknown>>>(
  signal: AbortSignal,
  racers: Racers,
): Promise<First<Racers>> {
  signal.throwIfAborted()
  const rest = new AbortController()
  const abandon = () => rest.abort(signal.reason)
  signal.addEventListener('abort', abandon, { once: true })

  const running = Object.entries(racers).map(async ([won, race]) => ({ won, value: await race(rest.signal) }))
  try {
    const first = await Promise.race(running)
    signal.throwIfAborted()
    return first as First<Racers>
  } finally {
    signal.removeEventListener('abort', abandon)
    rest.abort(new Error('another wait came first'))
    await Promise.allSettled(running)
  }
}
