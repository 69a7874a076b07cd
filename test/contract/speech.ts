/** What every adapter promises that turns speech into text. */
import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { CallbusError } from '#core/errors.ts'
import type { Speech } from '#core/ports/speech.ts'
import { soundFiles, soundOf } from '../support/sounds.ts'
import { until } from '../support/until.ts'

export interface SpeechWorld extends AsyncDisposable {
  speech: Speech
  /** Hears this in every recording. */
  hears(text: string): void
  /** Never answers. */
  hang(): void
  /** How many recordings it has been sent. */
  asked(): number
  nonsense: Record<string, () => void>
  goDown(): Promise<void>
  recover(): Promise<void>
  /** All deadlines of ours pass now. */
  passDeadlines(): void
}

const unhurried = () => AbortSignal.timeout(20_000)
const isCoded = (thrown: unknown) =>
  thrown instanceof CallbusError && thrown.code.startsWith('SPEECH_') && !thrown.message.includes('{')

const sounds = (t: TestContext) =>
  soundFiles(t, {
    spoken: soundOf({ channels: [0.3] }),
    bothSides: soundOf({ channels: [0, 0.3] }),
    wide: soundOf({ channels: [0.3, 0], rate: 16_000 }),
    silent: soundOf({ channels: [0, 0] }),
    noSound: Buffer.from('RIFF'),
  })

export function speechContract(name: string, open: () => Promise<SpeechWorld>): void {
  describe(name, () => {
    test('what is said in a recording of ours comes back, trimmed, whoever of the two says it', async (t) => {
      const { spoken, bothSides, wide } = sounds(t)
      await using world = await open()
      world.hears('Водій був грубий.')
      for (const file of [spoken, bothSides, wide])
        assert.equal(await world.speech.transcribe(file, 'uk', unhurried()), 'Водій був грубий.')
    })

    test('where nobody speaks there is no text', async (t) => {
      const { spoken, silent } = sounds(t)
      await using world = await open()
      world.hears('Продолжение следует...')
      assert.equal(await world.speech.transcribe(silent, 'ru', unhurried()), '')
      world.hears('')
      assert.equal(await world.speech.transcribe(spoken, 'ru', unhurried()), '')
    })

    test('who leaves is let go with his reason, before it begins, in the midst of it and in turn', async (t) => {
      const { spoken } = sounds(t)
      await using world = await open()
      world.hang()
      const leaving = AbortSignal.abort(new Error('left before'))
      await assert.rejects(world.speech.transcribe(spoken, 'en', leaving), /left before/)
      const leave = new AbortController()
      const asking = [1, 2, 3].map(() => world.speech.transcribe(spoken, 'en', leave.signal))
      await until(() => world.asked() > 0, { what: 'the first to be sent' })
      leave.abort(new Error('hung up'))
      for (const each of asking) await assert.rejects(each, /hung up/)
    })

    test('what takes too long, or never comes, is an error with a code', async (t) => {
      const { spoken } = sounds(t)
      await using world = await open()
      world.hang()
      const asking = world.speech.transcribe(spoken, 'en', unhurried())
      await until(() => world.asked() > 0, { what: 'the recording to be sent' })
      world.passDeadlines()
      await assert.rejects(asking, isCoded)
    })

    test('what cannot be read, here or there, is an error with a code', async (t) => {
      const { spoken, noSound } = sounds(t)
      await using world = await open()
      for (const file of [noSound, `${noSound}.none`])
        await assert.rejects(world.speech.transcribe(file, 'en', unhurried()), isCoded)
      for (const [kind, begin] of Object.entries(world.nonsense)) {
        begin()
        await assert.rejects(world.speech.transcribe(spoken, 'en', unhurried()), isCoded, kind)
      }
    })

    test('a service that is away is an error with a code, and used again when it is back', async (t) => {
      const { spoken } = sounds(t)
      await using world = await open()
      world.hears('I am back')
      await world.goDown()
      await assert.rejects(world.speech.transcribe(spoken, 'en', unhurried()), isCoded)
      await world.recover()
      assert.equal(await world.speech.transcribe(spoken, 'en', unhurried()), 'I am back')
    })
  })
}
