/** Lets go of the promise as soon as the signal aborts; whoever else waits for it is not disturbed. */
export async function unlessAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const abandon = () => reject(signal.reason)
  signal.addEventListener('abort', abandon, { once: true })
  if (signal.aborted) abandon()
  try {
    return await Promise.race([promise, aborted])
  } finally {
    signal.removeEventListener('abort', abandon)
  }
}
