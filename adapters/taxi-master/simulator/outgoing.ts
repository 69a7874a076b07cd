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
  body?: string
  /** `undefined` when nobody answered. */
  status?: number
}

interface Dress {
  method: 'GET' | 'POST'
  headers: Record<string, string>
  body?: string
}
const plain: Dress = { method: 'GET', headers: {} }
const asForm = (parameters: Record<string, string>): Dress => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
  body: new URLSearchParams(parameters).toString(),
})
const asJson = (parameters: Record<string, string>): Dress => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(parameters),
})

export function openOutgoing() {
  let telephony: Telephony | undefined
  let copies = 1
  let losses = 0
  let lossEvery = Number.POSITIVE_INFINITY
  let wanted = 0
  let eventsTold = 0
  const sent: Sent[] = []
  const underWay = new Set<Promise<void>>()

  async function sendOnce(path: string, { url }: Telephony, dress: Dress) {
    const each: Sent = { path, ...(dress.body !== undefined && { body: dress.body }) }
    sent.push(each)
    try {
      const response = await request(url + path, dress)
      await response.body.dump()
      each.status = response.statusCode
    } catch {
      // Nobody knows that the real one tries again.
    }
  }

  function send(page: string, parameters: Record<string, string>, dress = plain) {
    if (!telephony) return
    wanted += 1
    if (losses > 0 || wanted % lossEvery === 0) {
      losses = Math.max(0, losses - 1)
      return
    }
    const path = `/${page}?${new URLSearchParams(parameters)}`
    for (let copy = 0; copy < copies; copy += 1) {
      const going = sendOnce(path, telephony, dress)
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

  /** Scripts of system events are written by each site: the same is told by query, by form and by JSON in turn. */
  function tellEvent(parameters: Record<string, string>) {
    if (!telephony?.eventSecret) return
    const secret = { secret: telephony.eventSecret }
    eventsTold += 1
    if (eventsTold % 3 === 1) send('order-event', { ...secret, ...parameters })
    else if (eventsTold % 3 === 2) send('order-event', secret, asForm(parameters))
    else send('order-event', secret, asJson(parameters))
  }

  return {
    tellEvent,
    sent: sent as readonly Sent[],

    /** From now on. */
    callThrough(given: Telephony) {
      telephony = given
    },

    entered({ id, stateId, phoneToDial }: SimulatedOrder) {
      const script = telephony?.scripts?.[stateId]
      if (script) startScript(script, [phoneToDial, '', '0', String(id)])
      tellEvent({ order_id: String(id), state_id: String(stateId) })
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

    /** From now on each such one never goes out. */
    loseEvery(count: number) {
      lossEvery = count
    },

    /** Once everything sent so far was answered. */
    async settled() {
      while (underWay.size > 0) await Promise.all(underWay)
    },
  }
}
export type Outgoing = ReturnType<typeof openOutgoing>
