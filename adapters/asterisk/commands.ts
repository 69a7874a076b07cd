/** Requests to the exchange as the rest of the adapter speaks them. */
import { CallbusError } from '#core/errors.ts'
import type { Ari } from './ari/ari.ts'
import { type Answer, type Method, nameOf } from './ari/lane.ts'
import type { LaneChoice } from './ari/lanes.ts'

/** Unknown, not in our application any more, or not up: whoever it was about has gone. */
const gone: ReadonlySet<number> = new Set([404, 409, 412])

export interface Commands {
  /** `gone` when the leg, talk or playback it was about is no more; throws when it was refused otherwise. */
  ask(lane: LaneChoice, method: Method, uri: string, body?: object): Promise<'done' | 'gone'>
  /** `undefined` when there is no such thing. */
  read<Value>(uri: string): Promise<Value | undefined>
  /** Whatever the answer. */
  answerTo(lane: LaneChoice, method: Method, uri: string, body?: object): Promise<Answer>
}

export function openCommands(ari: Pick<Ari, 'request'>): Commands {
  const answerTo: Commands['answerTo'] = (lane, method, uri, body) =>
    ari.request(method, uri, body ? { lane, body } : { lane })

  return {
    answerTo,

    async ask(lane, method, uri, body) {
      const answer = await answerTo(lane, method, uri, body)
      if (answer.status < 300) return 'done'
      if (gone.has(answer.status)) return 'gone'
      throw refusal(method, uri, answer)
    },

    async read<Value>(uri: string) {
      const answer = await answerTo('control', 'GET', uri)
      if (answer.status === 404) return undefined
      if (answer.status >= 300) throw refusal('GET', uri, answer)
      return JSON.parse(answer.body) as Value
    },
  }
}

export function refusal(method: Method, uri: string, { status, reason, body }: Answer): CallbusError {
  return new CallbusError('EXCHANGE_REFUSED', {
    request: nameOf(method, uri),
    status,
    reason: messageOf(body) ?? reason,
  })
}

function messageOf(body: string): string | undefined {
  try {
    return (JSON.parse(body) as { message?: string }).message
  } catch {
    return undefined
  }
}
