/** Phones we ring, until each has answered or is known not to. */
import type { Clock } from '#core/clock.ts'
import type { DialOrder, DialOutcome } from '#core/ports/telephony.ts'
import type { LegId } from '#core/schema.ts'
import type { Channel } from './ari/types.ts'
import { type Commands, refusal } from './commands.ts'
import { type Legs, newLeg } from './legs.ts'
import type { Settings } from './settings.ts'
import {
  headersToAnswer,
  tellsToAnswer,
  toCallerId,
  toDialOutcome,
  toEndpoint,
  transferContextOf,
} from './translate.ts'

/** How long a leg may take to disappear after we hung it up. */
const goneWithin = 2000
/** Time beyond the ringing after which a leg is thought lost. */
const margin = 10_000

/** The variable that tells a later life of ours for which call a leg was made, and whom it rings. */
export const callVariable = 'CALLBUS_CALL'

interface Dialing {
  lane: number
  status: string | undefined
  isCancelled: boolean
  /** The exchange has taken the request. */
  isPlaced: boolean
  settle(outcome: DialOutcome): void
}

export interface Dials {
  dial(order: DialOrder, lane: number, signal: AbortSignal): Promise<DialOutcome>
  /** It was answered and came to us. `false`: nobody waits for it. */
  started(leg: LegId): boolean
  progressed(leg: LegId, status: string): void
  destroyed(leg: LegId, cause: number, techCause: number | undefined): void
  /** Legs being rung now. */
  readonly ringing: Iterable<LegId>
}

export function openDials({
  commands,
  legs,
  clock,
  settings,
}: {
  commands: Commands
  legs: Legs
  clock: Clock
  settings: Settings
}): Dials {
  const dialings = new Map<LegId, Dialing>()
  const pathOf = (leg: LegId) => `channels/${encodeURIComponent(leg)}`

  function toRequest(order: DialOrder, endpoint: string) {
    const { leg, call, to, callerId, ringFor, onBehalfOf } = order
    const isToldToAnswer = order.answersItself && tellsToAnswer(to, settings)
    const query = new URLSearchParams({
      endpoint,
      app: settings.app,
      appArgs: `out,${call},${to}`,
      timeout: String(Math.max(1, Math.ceil(ringFor))),
    })
    const shown = toCallerId(callerId)
    if (shown) query.set('callerId', shown)
    // With nothing to show it would show the number of whoever it is dialled for.
    if (shown && onBehalfOf && legs.has(onBehalfOf)) query.set('originator', onBehalfOf)
    return {
      uri: `${pathOf(leg)}?${query.toString().replaceAll('+', '%20')}`,
      body: {
        variables: {
          [callVariable]: `${call},${to}`,
          TRANSFER_CONTEXT: transferContextOf(settings),
          ...(isToldToAnswer && headersToAnswer),
        },
      },
    }
  }

  function started(leg: LegId): boolean {
    const dialing = dialings.get(leg)
    if (!dialing) return false
    if (dialing.isCancelled) return true
    legs.set(leg, newLeg({ id: leg, direction: 'out', lane: dialing.lane }))
    dialing.settle('answered')
    return true
  }

  return {
    async dial(order, lane, signal) {
      const trunk = order.trunk === undefined ? settings.trunk : settings.trunks[order.trunk]
      if (trunk === undefined) return 'unreachable'
      const endpoint = toEndpoint(order.to, { ...settings, trunk })
      if (!endpoint) return 'invalid'
      if (signal.aborted) return 'cancelled'

      const { promise: outcome, resolve: settle, reject: fail } = Promise.withResolvers<DialOutcome>()
      // Known before it is asked for: the answer of the phone may come before the answer of the exchange.
      const dialing: Dialing = { lane, status: undefined, isCancelled: false, isPlaced: false, settle }
      dialings.set(order.leg, dialing)
      const { uri, body } = toRequest(order, endpoint)
      const asked = commands.answerTo(lane, 'POST', uri, body)
      const clocks: (() => void)[] = []

      /** Hangs it up, however far it is, and does not wait longer than that may take. */
      const end = (outcome: DialOutcome) => {
        clocks.push(clock.after(goneWithin, () => settle(outcome)))
        asked
          .catch(() => {})
          .then(() => commands.ask('control', 'DELETE', pathOf(order.leg)))
          .then((answer) => answer === 'gone' && settle(outcome))
          .catch(() => settle(outcome))
      }
      const cancel = () => {
        dialing.isCancelled = true
        end('cancelled')
      }
      signal.addEventListener('abort', cancel, { once: true })
      clocks.push(clock.after(order.ringFor * 1000 + margin, () => end('no-answer')))

      asked
        .then(async (answer) => {
          dialing.isPlaced = true
          if (answer.status < 300 || dialing.isCancelled) return
          // The status of a refusal is no evidence that there is no such channel.
          const channel = await commands.read<Channel>(pathOf(order.leg))
          if (channel?.dialplan.app_name === 'Stasis') return void started(order.leg)
          if (channel) return
          if (answer.status === 400) throw refusal('POST', uri, answer)
          settle('unreachable')
        })
        .catch((thrown) => {
          if (!dialing.isCancelled) end('failed')
          fail(thrown)
        })

      try {
        return await outcome
      } catch (thrown) {
        if (dialing.isCancelled) return 'cancelled'
        throw thrown
      } finally {
        signal.removeEventListener('abort', cancel)
        for (const stopClock of clocks) stopClock()
        dialings.delete(order.leg)
      }
    },

    started,

    progressed(leg, status) {
      const dialing = dialings.get(leg)
      if (dialing) dialing.status = status
    },

    destroyed(leg, cause, techCause) {
      const dialing = dialings.get(leg)
      if (!dialing) return
      dialing.settle(
        dialing.isCancelled ? 'cancelled' : toDialOutcome({ status: dialing.status, cause, techCause }),
      )
    },

    get ringing() {
      return [...dialings].filter(([, { isPlaced }]) => isPlaced).map(([leg]) => leg)
    },
  }
}
