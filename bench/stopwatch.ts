/**
 * Stands between the callers and the exchange, hands on every datagram as it came, and takes the time from
 * each INVITE to its 200. SIPp's own clock ticks every 4 ms, which is more than what is to be told apart.
 */
import { createSocket, type RemoteInfo } from 'node:dgram'
import { once } from 'node:events'

export interface Stopwatch extends AsyncDisposable {
  /** Where the callers must ring. */
  readonly sipPort: number
  /** Milliseconds of each call answered since it was last asked. */
  take(): number[]
}

export async function openStopwatch(exchange: { sipPort: number }): Promise<Stopwatch> {
  const callers = createSocket('udp4')
  const onward = createSocket('udp4')
  const begun = new Map<string, number>()
  let times: number[] = []
  let caller: RemoteInfo | undefined

  callers.on('message', (bytes, from) => {
    caller = from
    if (isInvite(bytes)) {
      const id = callIdOf(bytes)
      if (!begun.has(id)) begun.set(id, performance.now())
    }
    onward.send(bytes, exchange.sipPort, '127.0.0.1')
  })
  onward.on('message', (bytes) => {
    if (isAnswer(bytes)) stop(callIdOf(bytes))
    if (caller) callers.send(bytes, caller.port, caller.address)
  })

  function stop(id: string) {
    const since = begun.get(id)
    if (since === undefined) return
    times.push(performance.now() - since)
    begun.delete(id)
  }

  callers.bind(0, '127.0.0.1')
  onward.bind(0, '127.0.0.1')
  await Promise.all([once(callers, 'listening'), once(onward, 'listening')])
  return {
    sipPort: callers.address().port,
    take() {
      const taken = times
      times = []
      begun.clear()
      return taken
    },
    async [Symbol.asyncDispose]() {
      callers.close()
      onward.close()
    },
  }
}

function isInvite(bytes: Buffer): boolean {
  return bytes.toString('latin1', 0, 7) === 'INVITE '
}

/** The 200 to an INVITE, not to a BYE. */
function isAnswer(bytes: Buffer): boolean {
  return (
    bytes.toString('latin1', 0, 11) === 'SIP/2.0 200' && /^CSeq: \d+ INVITE/im.test(bytes.toString('latin1'))
  )
}

function callIdOf(bytes: Buffer): string {
  return /^Call-ID: *(\S+)/im.exec(bytes.toString('latin1'))?.[1] ?? ''
}
