/** The dispatch program as a rehearsal may use it: its questions are asked, what would change it is only noted. */
import type { Adapter } from '../adapter.ts'
import { realClock } from '../clock.ts'
import { reasonOf } from '../errors.ts'
import type { Dispatch, DispatchVerb } from '../ports/dispatch.ts'

type Answer<Verb extends DispatchVerb> = Awaited<ReturnType<Dispatch[Verb]>>

/** What each verb that changes something would most likely be answered. */
const pretended = {
  createOrder: { outcome: 'created', order: 'rehearsal' },
  updateOrder: { outcome: 'changed' },
  changeStage: { outcome: 'moved' },
  changeState: { outcome: 'moved' },
  cancelOrder: 'cancelled',
  reportCallBack: undefined,
  joinClientAndDriver: 'asked',
  setAttribute: 'set',
  sendSms: undefined,
  raiseCard: 'shown',
  saveFeedback: undefined,
  attachRecording: 'rehearsal',
} as const satisfies { [Verb in DispatchVerb]?: Answer<Verb> }

const sentences = {
  createOrder: 'would create an order',
  updateOrder: 'would change the order',
  changeStage: 'would move the order',
  changeState: 'would move the order',
  cancelOrder: 'would cancel the order',
  reportCallBack: 'would report how the call went',
  joinClientAndDriver: 'would ask the dispatch program to join the two',
  setAttribute: 'would set an attribute',
  sendSms: 'would send an SMS',
  raiseCard: 'would show the dispatchers a card',
  saveFeedback: 'would write down a mark',
  attachRecording: 'would attach the recording',
} as const satisfies Record<keyof typeof pretended, string>

export interface Asking {
  /** Since when a question waits for its answer, in milliseconds; 0 when none does. */
  waitedFor(): number
  /** Why the last question failed, if one did. */
  readonly failure: string | undefined
}

export function readOnly(
  adapter: Adapter<'dispatch'>,
  wouldDo: (sentence: string) => void,
): { adapter: Adapter<'dispatch'>; asking: Asking } {
  const waiting = new Set<{ since: number }>()
  let failure: string | undefined

  async function counted<Value>(work: () => Promise<Value>): Promise<Value> {
    const question = { since: realClock.now() }
    waiting.add(question)
    try {
      return await work()
    } catch (thrown) {
      failure ??= reasonOf(thrown)
      throw thrown
    } finally {
      waiting.delete(question)
    }
  }

  return {
    asking: {
      waitedFor: () =>
        waiting.size === 0 ? 0 : realClock.now() - Math.min(...[...waiting].map(({ since }) => since)),
      get failure() {
        return failure
      },
    },
    adapter: {
      ...adapter,
      // Its own waits are real: there is a real program at the other end.
      async connect(services) {
        const dispatch = await adapter.connect({ ...services, clock: realClock, isLookingOnly: true })
        return new Proxy(dispatch, {
          get(target, verb: keyof Dispatch) {
            if (verb === 'capabilities') return target.capabilities
            if (verb in pretended) return async () => pretend(verb as keyof typeof pretended)
            const ask = target[verb] as ((...about: unknown[]) => Promise<unknown>) | undefined
            return ask && ((...about: unknown[]) => counted(() => ask.apply(target, about)))
          },
        })
      },
    },
  }

  function pretend(verb: keyof typeof pretended) {
    wouldDo(sentences[verb])
    return pretended[verb]
  }
}
