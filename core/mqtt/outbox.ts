/** Messages on their way to the broker: in order, few at a time, kept while it is away up to a bound. */
export interface Message {
  topic: string
  payload: string
  retain: boolean
}

export interface Outbox {
  /** How many wait, and how many had to be given up. */
  readonly waiting: number
  readonly lost: number
  put(message: Message): void
  /** The broker is there (again), or gone. */
  open(): void
  close(): void
  /** Resolves when nothing waits and nothing is under way. */
  emptied(): Promise<void>
}

const underWayAtMost = 100

export function openOutbox({
  send,
  keepAtMost,
  onLost,
}: {
  /** Resolves when the broker has it; it survives a lost connection in between. */
  send(message: Message): Promise<unknown>
  keepAtMost: number
  /** Called once each time messages begin to be given up. */
  onLost(): void
}): Outbox {
  let queue: Message[] = []
  let isOpen = false
  let isLosing = false
  let underWay = 0
  let lost = 0
  let empty: PromiseWithResolvers<void> | undefined

  function put(message: Message): void {
    // Of retained state only the newest counts.
    if (message.retain) queue = queue.filter(({ topic, retain }) => !retain || topic !== message.topic)
    queue.push(message)
    if (isOpen) pump()
    if (queue.length <= keepAtMost) return
    queue.shift()
    lost += 1
    if (!isLosing) onLost()
    isLosing = true
  }

  function pump(): void {
    while (isOpen && underWay < underWayAtMost) {
      const message = queue.shift()
      if (!message) break
      underWay += 1
      send(message)
        .catch(() => {})
        .finally(() => {
          underWay -= 1
          pump()
        })
    }
    if (!queue.length && !underWay) empty?.resolve()
  }

  return {
    get waiting() {
      return queue.length
    },
    get lost() {
      return lost
    },
    put,
    open() {
      isOpen = true
      isLosing = false
      pump()
    },
    close() {
      isOpen = false
    },
    emptied() {
      if (!queue.length && !underWay) return Promise.resolve()
      empty ??= Promise.withResolvers()
      return empty.promise
    },
  }
}
