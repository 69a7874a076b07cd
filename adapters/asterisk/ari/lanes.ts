/**
 * Requests that wait (answer, set a variable, join) hold up everything behind them on one connection. So a
 * call's requests go to one of several lanes, in order, and what must never wait has a lane of its own.
 */
import type { Clock } from '#core/clock.ts'
import { type Answer, type Lane, type Method, openHttpLane, openWebSocketLane } from './lane.ts'
import type { ServerAddress } from './socket.ts'

/** A lane by number, or the one for hanging up and stopping playbacks. */
export type LaneChoice = number | 'control'

export interface Lanes {
  /** The least loaded lane; a call stays on it. */
  choose(): number
  ask(
    lane: LaneChoice,
    method: Method,
    uri: string,
    body: object | undefined,
    deadline: number,
  ): Promise<Answer>
  close(): Promise<void>
}

export interface LanesOptions {
  server: ServerAddress
  app: string
  count: number
  /** REST over WebSocket; HTTP keep-alive otherwise. */
  overWebSocket: boolean
  clock: Clock
}

export async function openLanes({ server, app, count, overWebSocket, clock }: LanesOptions): Promise<Lanes> {
  const open = (name: string) =>
    overWebSocket
      ? openWebSocketLane({ server, app: `${app}-cmd-${name}`, clock })
      : openHttpLane({ server, clock })

  const opening = await Promise.allSettled([
    open('control'),
    ...Array.from({ length: count }, (_, i) => open(String(i))),
  ])
  const opened = opening.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  const failed = opening.find((result) => result.status === 'rejected')
  if (failed) {
    await Promise.all(opened.map((lane) => lane.close()))
    throw failed.reason
  }
  const [control, ...lanes] = opened
  if (!control || lanes.length === 0) throw new Error('There must be at least one lane for commands.')
  return arrangeLanes(control, lanes)
}

/** Chooses among lanes; apart from opening them so that tests can bring their own. */
export function arrangeLanes(control: Lane, lanes: readonly Lane[]): Lanes {
  let turn = 0

  /** A stuck or lost lane lends its calls to another until it is free again. */
  function laneFor(choice: LaneChoice): Lane {
    const pinned = choice === 'control' ? control : (lanes[choice % lanes.length] ?? control)
    if (pinned.isFree) return pinned
    const free = lanes.filter((lane) => lane.isFree).sort((a, b) => a.load - b.load)[0]
    return free ?? (pinned.isOpen ? pinned : (lanes.find((lane) => lane.isOpen) ?? pinned))
  }

  return {
    choose() {
      let best = turn++ % lanes.length
      for (let i = 0; i < lanes.length; i++) {
        if ((lanes[i]?.load ?? 0) < (lanes[best]?.load ?? 0)) best = i
      }
      return best
    },
    ask: (choice, method, uri, body, deadline) => laneFor(choice).ask(method, uri, body, deadline),
    async close() {
      await Promise.all([control, ...lanes].map((lane) => lane.close()))
    },
  }
}
