/** The dispatch program as a rehearsal may use it: its questions are asked, what would change it is only noted. */
import type { Adapter } from '../adapter.ts'
import { realClock } from '../clock.ts'
import type { Dispatch, DispatchVerb } from '../ports/dispatch.ts'

type Answer<Verb extends DispatchVerb> = Awaited<ReturnType<Dispatch[Verb]>>

/** Who only asks is asked; what would change something is answered as it most likely would be. */
const verbs = {
  identify: 'asks',
  findOrder: 'asks',
  findOrders: 'asks',
  states: 'asks',
  createOrder: { answer: { outcome: 'created', order: 'rehearsal' }, sentence: 'would create an order' },
  updateOrder: { answer: { outcome: 'changed' }, sentence: 'would change the order' },
  changeStage: { answer: { outcome: 'moved' }, sentence: 'would move the order' },
  changeState: { answer: { outcome: 'moved' }, sentence: 'would move the order' },
  cancellationPenalty: 'asks',
  cancelOrder: { answer: 'cancelled', sentence: 'would cancel the order' },
  reportCallBack: { answer: undefined, sentence: 'would report how the call went' },
  joinClientAndDriver: { answer: 'asked', sentence: 'would ask the dispatch program to join the two' },
  findAccount: 'asks',
  pickupsOf: 'asks',
  assignDriver: { answer: 'assigned', sentence: 'would give the order to a driver' },
  accountDetails: 'asks',
  checkClaim: 'asks',
  findDiscountCard: 'asks',
  takeOffLine: { answer: 'taken', sentence: 'would take the driver off the line' },
  findPlaces: 'asks',
  placeAt: 'asks',
  tariffs: 'asks',
  tariffFor: 'asks',
  costOf: 'asks',
  attributes: 'asks',
  setAttribute: { answer: 'set', sentence: 'would set an attribute' },
  runEvent: { answer: 'run', sentence: 'would run a system event' },
  crews: 'asks',
  crewPositions: 'asks',
  crewsNear: 'asks',
  findCar: 'asks',
  driverPhones: 'asks',
  sendSms: { answer: undefined, sentence: 'would send an SMS' },
  raiseCard: { answer: 'shown', sentence: 'would show the dispatchers a card' },
  saveFeedback: { answer: undefined, sentence: 'would write down a mark' },
  attachRecording: { answer: 'rehearsal', sentence: 'would attach the recording' },
} as const satisfies { [Verb in DispatchVerb]: 'asks' | { answer: Answer<Verb>; sentence: string } }

export interface Asking {
  /** Since when a question waits for its answer, in milliseconds; 0 when none does. */
  waitedFor(): number
}

export function readOnly(
  adapter: Adapter<'dispatch'>,
  wouldDo: (sentence: string) => void,
): { adapter: Adapter<'dispatch'>; asking: Asking } {
  const waiting = new Set<{ since: number }>()

  async function counted<Value>(work: () => Promise<Value>): Promise<Value> {
    const question = { since: realClock.now() }
    waiting.add(question)
    try {
      return await work()
    } finally {
      waiting.delete(question)
    }
  }

  return {
    asking: {
      waitedFor: () =>
        waiting.size === 0 ? 0 : realClock.now() - Math.min(...[...waiting].map(({ since }) => since)),
    },
    adapter: {
      ...adapter,
      // Its own waits are real: there is a real program at the other end.
      async connect(services) {
        const dispatch = await adapter.connect({ ...services, clock: realClock, isLookingOnly: true })
        return new Proxy(dispatch, {
          get(target, verb: keyof Dispatch) {
            if (verb === 'capabilities') return target.capabilities
            const way = verbs[verb]
            if (way !== undefined && way !== 'asks') return async () => pretend(way)
            const ask = target[verb] as ((...about: unknown[]) => Promise<unknown>) | undefined
            return ask && ((...about: unknown[]) => counted(() => ask.apply(target, about)))
          },
        })
      },
    },
  }

  function pretend({ answer, sentence }: { answer: unknown; sentence: string }) {
    wouldDo(sentence)
    return answer
  }
}
