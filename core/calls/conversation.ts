import type { CallBus } from '../call-bus/call-bus.ts'
import type { Clock } from '../clock.ts'
import type { Media, Telephony } from '../ports/telephony.ts'
import type { Voice } from '../voice/voice.ts'
import type { Saying } from '../voice/words.ts'
import type { Caller, ChooseOptions, Partner, TalkOptions } from './caller.ts'
import { openKeypad } from './keypad.ts'
import type { LiveCall } from './live-call.ts'
import { openNotes } from './notes.ts'
import { reachFirst } from './reach.ts'
import { talkOf } from './recovery.ts'
import type { Ringer } from './ringer.ts'
import { endLegAndTalk } from './talk-end.ts'
import { talkUntilOneLeaves } from './talk-host.ts'

export interface ConversationTools {
  bus: CallBus
  clock: Clock
  telephony: Telephony
  voice: Voice
  site: string
  /** Our public number, shown to those who may not see the caller's: that of his line or of another one. */
  showNumber(call: LiveCall, line?: string): string | undefined
  goTo(call: LiveCall, place: string, because: string | undefined): Promise<void>
  release(call: LiveCall, because: string): Promise<void>
  ringer: Ringer
  defaultMusic: string
  /** Callbus leaves; talks go on without it. */
  leaving: AbortSignal
}

/**
 * One plugin's hold on a caller. It ends with the caller, or is taken away when the plugin falls silent;
 * from then on each of its verbs rejects.
 */
export interface Conversation extends Caller {
  /** Takes the caller away from the flow. */
  revoke(reason: Error): void
  /** Since when no verb has been under way, `undefined` while one is. */
  silentSince(): number | undefined
}

export function openConversation(call: LiveCall, tools: ConversationTools): Conversation {
  const { bus, clock, telephony, voice } = tools
  const holding = new AbortController()
  const signal = holding.signal
  const endWithCall = () => holding.abort(call.signal.reason)
  if (call.signal.aborted) endWithCall()
  else call.signal.addEventListener('abort', endWithCall, { once: true })

  let verbsUnderWay = 0
  let silentSince: number | undefined = clock.now()

  /** He is not in silence until this is disposed. */
  function lookAfter(): Disposable {
    verbsUnderWay += 1
    silentSince = undefined
    return {
      [Symbol.dispose]() {
        verbsUnderWay -= 1
        if (verbsUnderWay === 0) silentSince = clock.now()
      },
    }
  }

  /** Every verb: rejects once the caller is gone or taken away, and counts as being looked after. */
  async function verb<Value>(work: () => Promise<Value>): Promise<Value> {
    signal.throwIfAborted()
    using _care = lookAfter()
    const value = await work()
    signal.throwIfAborted()
    return value
  }

  async function answer() {
    if (call.isAnswered) return
    await telephony.answer(call.leg, signal)
    call.isAnswered = true
    call.answeredAt = clock.now()
    bus.publish('call.answered', { call: call.id })
  }

  /**
   * Says it all to the end, or until `until` aborts, which is no failure. The exchange does things in order,
   * so it is told to play without waiting until it has picked up.
   */
  async function tell(sayings: readonly Saying[], until: AbortSignal): Promise<void> {
    const answered = answer()
    answered.catch(() => undefined)
    const media: Media[] = []
    for (const saying of sayings) media.push(await voice.speak(saying, call.language, signal))
    let isHeard = false
    const { partner } = call
    try {
      await Promise.all([answered, until.aborted || telephony.play(call.leg, media, until)])
      // A talk that began meanwhile has cut it short.
      isHeard = !until.aborted && call.partner === partner
    } catch (thrown) {
      signal.throwIfAborted()
      if (!until.aborted) throw thrown
    } finally {
      for (const saying of sayings) {
        bus.publish('call.told', {
          call: call.id,
          saying: saying.name,
          text: saying.isPrivate ? '•••' : saying.in(call.language),
          heard: isHeard && !call.signal.aborted,
        })
      }
    }
  }

  const keypad = openKeypad({ call, bus, clock, signal, tell })

  const conversation: Conversation = {
    call,
    signal,

    answer: () => verb(answer),

    say: (...sayings) => verb(() => tell(sayings, signal)),
    sayUntil: (until, ...sayings) => verb(() => tell(sayings, AbortSignal.any([signal, until]))),

    choose: <const Choices extends Record<string, string>>(
      text: Saying | readonly Saying[],
      choices: Choices,
      options?: ChooseOptions,
    ) =>
      verb(async () => {
        const sayings = Array.isArray(text) ? (text as readonly Saying[]) : [text as Saying]
        const key = await keypad.choose(sayings, Object.keys(choices), options)
        return key === undefined ? undefined : (choices[key] as Choices[keyof Choices])
      }),

    collect: (text, options) => verb(() => keypad.collect(text, options)),
    press: (wanted, until) => verb(async () => void (await keypad.keyOf(wanted, until))),
    nextKey: (until) => verb(() => keypad.keyOf(undefined, until)),

    playOnHold(music = tools.defaultMusic) {
      // Flows end it by hand as well; a second time does nothing.
      const onHold = new DisposableStack()
      onHold.use(lookAfter())
      const starting = telephony.startMusic(call.leg, music).catch(() => undefined)
      onHold.defer(() => {
        if (!call.signal.aborted && call.state.is !== 'talking')
          void starting.then(() => telephony.stopMusic(call.leg)).catch(() => undefined)
      })
      return onHold
    },

    reach: (wanted, until = signal) => verb(() => reachFirst(call, wanted, tools, { signal, until })),

    talkTo: (partner: Partner, { atMost }: TalkOptions = {}) =>
      verb(async () => {
        await answer()
        const talk = talkOf(tools.site, call.id)
        try {
          await telephony.join(talk, [call.leg, partner.leg], signal)
        } catch (thrown) {
          await endLegAndTalk(call, partner.leg, talk, telephony)
          throw thrown
        }
        return await talkUntilOneLeaves(call, partner, tools, { talk, since: clock.now(), atMost })
      }),

    dismiss: (partner: Partner) => verb(() => telephony.hangUp(partner.leg, 'answered-elsewhere')),

    prefer(priority: number) {
      call.priority = Math.max(call.priority, priority)
    },

    waitsAt(place: string, because?: string) {
      if (call.state.is === 'waiting' && call.state.place === place) return
      const at = call.waited?.place === place ? call.waited.since : clock.now()
      call.waited = undefined
      call.move({ name: 'call.waiting', place, at })
      bus.publish('call.waiting', {
        call: call.id,
        place,
        priority: call.priority,
        ...(because === undefined ? {} : { because }),
      })
    },

    ...openNotes(call, bus),
    transferTo: (place: string, because?: string) => verb(() => tools.goTo(call, place, because)),

    release: (because: string) => verb(() => tools.release(call, because)),

    hangUp: () =>
      verb(() => {
        call.isLeaving = true
        return telephony.hangUp(call.leg, 'normal')
      }),

    revoke: (reason) => holding.abort(reason),
    silentSince: () => silentSince,
  }
  return conversation
}
