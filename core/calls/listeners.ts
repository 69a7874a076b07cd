/** Whoever wants to be told of one kind of thing. */
export function openListeners<Told = void>() {
  const listeners = new Set<(told: Told) => void>()
  function add(listener: (told: Told) => void) {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }

  return {
    /** Gives back how to stop listening. */
    add,
    /** What is told next. */
    next(): Promise<Told> {
      const { promise, resolve } = Promise.withResolvers<Told>()
      const forget = add(resolve)
      return promise.finally(forget)
    },
    tell(told: Told) {
      for (const listener of listeners) listener(told)
    },
    get isEmpty() {
      return listeners.size === 0
    },
  }
}
