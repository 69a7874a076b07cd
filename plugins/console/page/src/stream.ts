/** The event stream, opened again for ever; the browser's own retry gives up on an error answer. */
import type { FactName, Stamped } from './api.ts'
import { factNames } from './live-calls.ts'

interface Listeners {
  /** Connected, for the first time or again: what was missed has to be fetched. */
  opened(): void
  lost(): void
  fact(fact: Stamped): void
  /** The house says every few seconds that it is there, with its own time. */
  beat(serverTime: number): void
}

const retryAfter = 2000

/** Returns what closes it. */
export function openStream(listeners: Listeners): () => void {
  let source: EventSource | undefined
  let retry: ReturnType<typeof setTimeout> | undefined

  function connect() {
    source = new EventSource('/api/v1/events')
    source.addEventListener('open', listeners.opened)
    source.addEventListener('beat', ({ data }) => listeners.beat((JSON.parse(data) as { at: number }).at))
    for (const name of factNames) source.addEventListener(name, toListener(listeners))
    source.addEventListener('error', () => {
      listeners.lost()
      if (source?.readyState === EventSource.CLOSED) retry = setTimeout(connect, retryAfter)
    })
  }

  connect()
  return () => {
    clearTimeout(retry)
    source?.close()
  }
}

function toListener({ fact }: Listeners) {
  return ({ data }: MessageEvent<string>) => fact(JSON.parse(data) as Stamped<FactName>)
}
