import type { CallBus } from '../call-bus/call-bus.ts'
import type { Clock } from '../clock.ts'
import type { Media, Telephony } from '../ports/telephony.ts'
import type { Voice } from '../voice/voice.ts'
import type { Saying } from '../voice/words.ts'
import type { Caller, ChooseOptions, CollectOptions, Partner, Reach, TalkOptions } from './caller.ts'
import type { LiveCall } from './live-call.ts'
import { openNotes } from './notes.ts'
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

  /** Every verb: rejects once the caller is gone or taken away, and counts as being looked after. */
  async function verb<Value>(work: () => Promise<Value>): Promise<Value> {
    signal.throwIfAborted()
    verbsUnderWay += 1
    silentSince = undefined
    try {
      const value = await work()
      signal.throwIfAborted()
      return value
    } finally {
      verbsUnderWay -= 1
      if (verbsUnderWay === 0) silentSince = clock.now()
    }
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

  /** A signal that follows the conversation and can be stopped by itself. */
  function within(): { stop: AbortController; [Symbol.dispose](): void } {
    const stop = new AbortController()
    const follow = () => stop.abort(signal.reason)
    if (signal.aborted) follow()
    else signal.addEventListener('abort', follow, { once: true })
    return { stop, [Symbol.dispose]: () => signal.removeEventListener('abort', follow) }
  }

  /** Resolves after so many seconds, or at once when cut; without seconds only when cut. Rejects with the conversation. */
  function pause(seconds?: number): { over: Promise<void>; cut: () => void } {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const takeBack = seconds === undefined ? undefined : clock.after(seconds * 1_000, resolve)
    const gone = () => reject(signal.reason)
    signal.addEventListener('abort', gone, { once: true })
    if (signal.aborted) gone()
    const over = promise.finally(() => {
      takeBack?.()
      signal.removeEventListener('abort', gone)
    })
    over.catch(() => undefined)
    return { over, cut: resolve }
  }

  async function dial(
    address: string,
    { ringFor, show, line, onMissed }: Reach,
    stop: AbortSignal,
  ): Promise<Partner | undefined> {
    const number = (show === 'caller' ? call.from : undefined) ?? tools.showNumber(call, line)
    const came = await tools.ringer
      .ring(call, address, { ringFor, number }, stop)
      .catch((thrown: unknown) => {
        onMissed?.(address, 'failed')
        throw thrown
      })
    if (typeof came !== 'string') return came
    onMissed?.(address, came)
    return undefined
  }

  /** The wanted key, or the next one whichever. */
  async function keyOf(wanted: string | undefined, until: AbortSignal = signal): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    const gone = () => reject(until.reason)
    until.addEventListener('abort', gone, { once: true })
    if (until.aborted) gone()
    using _keys = call.hearKeys((key) => {
      bus.publish('call.key-pressed', { call: call.id, key })
      if (wanted === undefined || key === wanted) resolve(key)
    })
    try {
      return await promise
    } finally {
      until.removeEventListener('abort', gone)
    }
  }

  const conversation: Conversation = {
    call,
    signal,

    answer: () => verb(answer),

    say: (...sayings) => verb(() => tell(sayings, signal)),
    sayUntil: (until, ...sayings) => verb(() => tell(sayings, AbortSignal.any([signal, until]))),

    choose<const Choices extends Record<string, string>>(
      text: Saying | readonly Saying[],
      choices: Choices,
      { attempts = 1, patience = 5, onHeard }: ChooseOptions = {},
    ) {
      return verb(async () => {
        const sayings = Array.isArray(text) ? (text as readonly Saying[]) : [text as Saying]
        let chosen: string | undefined
        for (let attempt = 0; attempt < attempts && chosen === undefined; attempt += 1) {
          using speech = within()
          const wait = pause()
          using _keys = call.hearKeys((key) => {
            if (chosen !== undefined) return
            bus.publish('call.key-pressed', { call: call.id, key })
            if (!(key in choices)) return
            chosen = key
            speech.stop.abort(new Error('a key was pressed'))
            wait.cut()
          })
          await tell(sayings, speech.stop.signal)
          if (chosen !== undefined) break
          onHeard?.()
          const patienceOver = clock.after(patience * 1_000, wait.cut)
          try {
            await wait.over
          } finally {
            patienceOver()
          }
        }
        return chosen === undefined ? undefined : (choices[chosen] as Choices[keyof Choices])
      })
    },

    collect: (text: Saying, { finish = '#', maximum, patience = 4 }: CollectOptions) =>
      verb(async () => {
        let typed = ''
        let isFinished = false
        let wait = pause()
        using speech = within()
        using _keys = call.hearKeys((key) => {
          if (isFinished) return
          bus.publish('call.key-pressed', { call: call.id, key: '•' })
          speech.stop.abort(new Error('a key was pressed'))
          if (key === finish) isFinished = true
          else typed += key
          if (typed.length >= maximum) isFinished = true
          wait.cut()
        })
        await tell([text], speech.stop.signal)
        while (!isFinished) {
          const before = typed.length
          wait = pause(patience)
          await wait.over
          if (typed.length === before) break
        }
        return typed
      }),

    press: (wanted: string, until?: AbortSignal) => verb(async () => void (await keyOf(wanted, until))),
    nextKey: (until?: AbortSignal) => verb(() => keyOf(undefined, until)),

    playOnHold(music = tools.defaultMusic) {
      verbsUnderWay += 1
      silentSince = undefined
      const starting = telephony.startMusic(call.leg, music).catch(() => undefined)
      return {
        [Symbol.dispose]() {
          verbsUnderWay -= 1
          if (verbsUnderWay === 0) silentSince = clock.now()
          if (!call.signal.aborted && call.state.is !== 'talking')
            void starting.then(() => telephony.stopMusic(call.leg)).catch(() => undefined)
        },
      }
    },

    reach: (wanted: Reach, until: AbortSignal = signal) =>
      verb(async () => {
        using ringing = within()
        const stop = () => ringing.stop.abort(until.reason)
        until.addEventListener('abort', stop, { once: true })
        if (until.aborted) stop()

        let winner: Partner | undefined
        const attempts = wanted.phones.map(async (phone) => {
          const partner = await dial(phone, wanted, ringing.stop.signal)
          if (!partner) return
          if (winner) return await telephony.hangUp(partner.leg, 'answered-elsewhere')
          winner = partner
          ringing.stop.abort(new Error('another phone answered'))
        })
        const settled = await Promise.allSettled(attempts)
        until.removeEventListener('abort', stop)
        const taken = winner as Partner | undefined
        if (taken && signal.aborted) await telephony.hangUp(taken.leg, 'normal')
        signal.throwIfAborted()
        const failure = settled.find((each) => each.status === 'rejected')
        if (!taken && failure && settled.every((each) => each.status === 'rejected')) throw failure.reason
        return taken
      }),

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
