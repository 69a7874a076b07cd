import { readFile } from 'node:fs/promises'
import { defineAdapter } from '#core/adapter.ts'
import { withDeadline } from '#core/asking/deadline.ts'
import { openHealth } from '#core/asking/health.ts'
import { keepDoing } from '#core/asking/keep-doing.ts'
import { CallbusError, reasonOf } from '#core/errors.ts'
import { openGate } from '#core/gate.ts'
import { unlessAborted } from '#core/unless-aborted.ts'
import { openClient } from './client.ts'
import { isNear } from './plain-http.ts'
import { Settings } from './settings.ts'
import { sim } from './sim.ts'
import { simulate } from './simulator/simulate.ts'
import { secondsOf, toUtterance, type Utterance } from './sound.ts'

const circuit = { failures: 3, restSeconds: 30 }
const codes = { unreachable: 'SPEECH_UNREACHABLE', late: 'SPEECH_LATE' } as const
/** Milliseconds in which it shows whether it is there. */
const lookDeadline = 5_000

export const adapter = defineAdapter({
  name: 'whisper',
  about: 'Turns speech into text through any service that speaks the OpenAI form, such as whisper.cpp.',
  provides: 'speech',
  settings: Settings,

  async connect({ settings, report, cleanup, clock, log }) {
    if (settings.baseUrl.startsWith('http:') && !settings.allowPlainHttp && !isNear(settings.baseUrl)) {
      const mistakes =
        '`adapters.whisper.baseUrl` is plain HTTP to a machine outside, and `allowPlainHttp` does not allow that'
      throw new CallbusError('SETTINGS_INVALID', { mistakes })
    }
    const client = openClient(settings, { clock })
    cleanup.defer(() => client.close())
    const health = openHealth(report, { clock, circuit, codes })
    const gate = openGate(settings.simultaneous)

    const closing = new AbortController()
    const looking = keepLooking()
    cleanup.defer(async () => {
      closing.abort(new Error('the house closes'))
      await looking
    })

    return {
      async transcribe(file, language, signal) {
        signal.throwIfAborted()
        if (gate.isFull && gate.waiting >= settings.waiting)
          throw notAsked(`${gate.waiting} recordings wait for their turn already`)
        const until = AbortSignal.any([signal, closing.signal])
        return await gate.pass(async () => {
          const utterance = await unlessAborted(read(file), until)
          if (utterance.isSilent) return ''
          const milliseconds = settings.deadlineSeconds * 1_000
          return await asking('for the text', milliseconds, until, (both) =>
            client.transcribe(utterance, language, both),
          )
        }, until)
      },
    }

    async function read(file: string): Promise<Utterance> {
      try {
        const bytes = await readFile(file)
        const seconds = secondsOf(bytes)
        if (seconds > settings.longestSeconds) throw new Error(`it lasts ${Math.round(seconds)} s`)
        return await toUtterance(bytes)
      } catch (thrown) {
        throw notAsked(`the recording cannot be sent: ${reasonOf(thrown)}`, thrown)
      }
    }

    /** Every exchange is noticed; an asker who leaves says nothing about the service. */
    async function asking<Value>(
      request: string,
      milliseconds: number,
      signal: AbortSignal,
      ask: (signal: AbortSignal) => Promise<Value>,
    ): Promise<Value> {
      health.admit()
      try {
        const value = await withDeadline(signal, { clock, milliseconds, request, code: codes.late }, ask)
        health.succeeded()
        return value
      } catch (thrown) {
        health.failed(thrown)
        throw thrown
      }
    }

    /** The house opens meanwhile: a service that is away holds up nobody. */
    async function keepLooking() {
      const failed = (thrown: unknown) => log.debug({ err: thrown }, 'The speech service could not be asked')
      const look = (signal: AbortSignal) => asking('whether it is there', lookDeadline, signal, client.look)
      await look(closing.signal).catch((thrown: unknown) => {
        if (!closing.signal.aborted)
          log.warn({ err: thrown }, 'The speech service is away; it is asked again')
      })
      const pause = () => settings.lookSeconds * 1_000
      await keepDoing(look, { clock, signal: closing.signal, pause, failed })
    }
  },

  sim,
  simulate,
})

function notAsked(reason: string, cause?: unknown): CallbusError {
  return new CallbusError('SPEECH_NOT_ASKED', { reason }, { cause })
}
