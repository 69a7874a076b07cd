/** What a caller presses, while he is spoken to and after. */
import type { CallBus } from '../call-bus/call-bus.ts'
import type { Clock } from '../clock.ts'
import { unlessAborted } from '../unless-aborted.ts'
import type { Saying } from '../voice/words.ts'
import type { ChooseOptions, CollectOptions } from './caller.ts'
import type { LiveCall } from './live-call.ts'

export interface Keypad {
  /** The first of the keys that is pressed; `undefined` for silence. */
  choose(
    sayings: readonly Saying[],
    keys: readonly string[],
    options?: ChooseOptions,
  ): Promise<string | undefined>
  collect(text: Saying, options: CollectOptions): Promise<string>
  /** The wanted key, or the next one whichever. */
  keyOf(wanted: string | undefined, until?: AbortSignal): Promise<string>
}

export function openKeypad(parts: {
  call: LiveCall
  bus: CallBus
  clock: Clock
  /** Of the conversation. */
  signal: AbortSignal
  /** Says it all to the end, or until the signal aborts. */
  tell(sayings: readonly Saying[], until: AbortSignal): Promise<void>
}): Keypad {
  const { call, bus, clock, signal, tell } = parts

  function tellPressed(key: string) {
    bus.publish('call.key-pressed', { call: call.id, key })
  }

  /** So many seconds at most. Rejects with the conversation. */
  async function untilPressed({ promise, resolve }: PromiseWithResolvers<void>, seconds: number) {
    const takeBack = clock.after(seconds * 1_000, resolve)
    try {
      await unlessAborted(promise, signal)
    } finally {
      takeBack()
    }
  }

  return {
    async choose(sayings, keys, { attempts = 1, patience = 5, onHeard } = {}) {
      let chosen: string | undefined
      for (let attempt = 0; attempt < attempts && chosen === undefined; attempt += 1) {
        const speech = new AbortController()
        const pressed = Promise.withResolvers<void>()
        using _keys = call.hearKeys((key) => {
          if (chosen !== undefined) return
          tellPressed(key)
          if (!keys.includes(key)) return
          chosen = key
          speech.abort(new Error('a key was pressed'))
          pressed.resolve()
        })
        await tell(sayings, AbortSignal.any([signal, speech.signal]))
        if (chosen !== undefined) break
        onHeard?.()
        await untilPressed(pressed, patience)
      }
      return chosen
    },

    async collect(text, { finish = '#', maximum, patience = 4 }) {
      let typed = ''
      let isFinished = false
      let pressed = Promise.withResolvers<void>()
      const speech = new AbortController()
      using _keys = call.hearKeys((key) => {
        if (isFinished) return
        // What is typed may be a secret.
        tellPressed('•')
        speech.abort(new Error('a key was pressed'))
        if (key === finish) isFinished = true
        else typed += key
        if (typed.length >= maximum) isFinished = true
        pressed.resolve()
      })
      await tell([text], AbortSignal.any([signal, speech.signal]))
      while (!isFinished) {
        const before = typed.length
        pressed = Promise.withResolvers()
        await untilPressed(pressed, patience)
        if (typed.length === before) break
      }
      return typed
    },

    async keyOf(wanted, until = signal) {
      const { promise, resolve } = Promise.withResolvers<string>()
      using _keys = call.hearKeys((key) => {
        tellPressed(key)
        if (wanted === undefined || key === wanted) resolve(key)
      })
      return await unlessAborted(promise, until)
    },
  }
}
