/** What Taxi-Master sends by itself: scripts for Oktell, and a site's own scripted events. */
import { request } from 'undici'
import type { SimulatedOrder } from './order-book.ts'

export interface Telephony {
  /** Where it takes Oktell to be. */
  url: string
  /** Which script an order starts as it enters a state. */
  scripts?: Readonly<Record<number, string>>
  password?: string
  /** Tells every state an order enters to `/order-event`. */
  eventSecret?: string
}

export interface Sent {
  path: string
  /** `undefined` when nobody answered. */
  status?: number
}

export function openOutgoing() {
  let telephony: Telephony | undefined
  let copies = 1
  let losses = 0
  const sent: Sent[] = []
  const underWay = new Set<Promise<void>>()

  async function sendOnce(path: string, { url }: Telephony) {
    const each: Sent = { path }
    sent.push(each)
    try {
      const response = await request(url + path)
      await response.body.dump()
      each.status = response.statusCode
    } catch {
      // Nobody knows that the real one tries again.
    }
  }

  function send(page: string, parameters: Record<string, string>) {
    if (!telephony) return
    if (losses > 0) {
      losses -= 1
      return
    }
    const path = `/${page}?${new URLSearchParams(parameters)}`
    for (let copy = 0; copy < copies; copy += 1) {
      const going = sendOnce(path, telephony)
      underWay.add(going)
      void going.finally(() => underWay.delete(going))
    }
  }

  function startScript(name: string, [first = '', second = '', third = '', fourth = '']: string[]) {
    const parameters = { startparam1: first, startparam2: second, startparam3: third, startparam4: fourth }
    send('execsvcscript', {
      name,
      ...parameters,
      ...(telephony?.password && { password: telephony.password }),
    })
  }

  return {
    sent: sent as readonly Sent[],

    /** From now on. */
    callThrough(given: Telephony) {
      telephony = given
    },

    entered({ id, stateId, phoneToDial }: SimulatedOrder) {
      const script = telephony?.scripts?.[stateId]
      if (script) startScript(script, [phoneToDial, '', '0', String(id)])
      if (telephony?.eventSecret) {
        const parameters = { secret: telephony.eventSecret, order_id: String(id), state_id: String(stateId) }
        send('order-event', parameters)
      }
    },

    join({ id, phoneToDial, driver }: SimulatedOrder) {
      startScript('TMABConnect', [phoneToDial, driver?.phone ?? '', '', String(id)])
    },

    /** Everything goes out so many times. */
    repeat(times: number) {
      copies = times
    },

    /** The next so many never go out. */
    lose(count: number) {
      losses = count
    },

    /** Once everything sent so far was answered. */
    async settled() {
      while (underWay.size > 0) await Promise.all(underWay)
    },
  }
}
export type Outgoing = ReturnType<typeof openOutgoing>
