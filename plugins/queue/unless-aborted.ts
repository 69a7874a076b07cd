/** What comes of it, unless the signal aborts before. */
export async function unlessAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const aborted = Promise.withResolvers<never>()
  const gone = () => aborted.reject(signal.reason)
  signal.addEventListener('abort', gone, { once: true })
  if (signal.aborted) gone()
  try {
    return await Promise.race([promise, aborted.promise])
  } finally {
    signal.removeEventListener('abort', gone)
  }
}
