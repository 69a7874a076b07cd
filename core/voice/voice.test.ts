import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import Fastify from 'fastify'
import pino from 'pino'
import Value from 'typebox/value'
import { openTestClock } from '../../test/support/test-clock.ts'
import { promptRoutes } from '../http/prompts.ts'
import { readWav, writeWav } from '../sound/wav.ts'
import type { Engine } from './engines/engine.ts'
import { silent } from './engines/silent.ts'
import { checkPrompts, listPrompts } from './recorded-prompts.ts'
import { VoiceSettings } from './settings.ts'
import { openVoice, type VoiceParts } from './voice.ts'
import { defineWords } from './words.ts'

const words = defineWords('greeter', {
  hello: { ru: 'Здравствуйте.', uk: 'Вітаємо.', pl: 'Dzień dobry.', en: 'Hello.' },
  bye: { ru: 'До свидания.', uk: 'До побачення.', pl: 'Do widzenia.', en: 'Goodbye.' },
  wait: {
    ru: ({ minutes }: { minutes: number }) => `Ждите ${minutes}`,
    uk: ({ minutes }) => `Чекайте ${minutes}`,
    pl: ({ minutes }) => `Proszę czekać ${minutes}`,
    en: ({ minutes }) => `Wait ${minutes}`,
  },
})
const never = new AbortController().signal
const day = 86_400_000

test('a sentence is rendered once and found ever after', async (t) => {
  const engine = countingEngine()
  const { voice, reopen } = await openTestVoice(t, { engines: [engine] })
  const first = await voice.speak(words.hello, 'en', never)
  const again = await (await reopen()).speak(words.hello, 'en', never)

  assert.deepEqual(again, first)
  assert.deepEqual(engine.spoken, ['en Hello.'])
  const sound = readWav(await readFile(first.file))
  assert.equal(sound.rate, 8000)
  assert.equal(first.seconds, sound.samples.length / 8000)
})

test('callers who wait for the same sentence share one rendering, and one who leaves disturbs nobody', async (t) => {
  const engine = countingEngine({ held: true })
  const { voice } = await openTestVoice(t, { engines: [engine] })
  const impatient = new AbortController()
  const gone = voice.speak(words.hello, 'en', impatient.signal)
  const stayed = voice.speak(words.hello, 'en', never)
  await engine.asked
  impatient.abort(new Error('hung up'))
  await assert.rejects(gone, /hung up/)
  engine.release()

  assert.ok((await stayed).seconds > 0)
  assert.equal(engine.spoken.length, 1)
})

test('when one engine fails the next speaks, and the failed one is left alone for a while', async (t) => {
  const broken = countingEngine({ name: 'broken', fails: true })
  const second = countingEngine({ name: 'second' })
  const { voice, clock } = await openTestVoice(t, { engines: [broken, second] })
  await voice.speak(words.hello, 'en', never)
  await voice.speak(words.bye, 'en', never)
  assert.equal(broken.spoken.length, 1)
  assert.equal(second.spoken.length, 2)

  await clock.advance(30_000)
  await voice.speak(words.wait({ minutes: 1 }), 'en', never)
  assert.equal(broken.spoken.length, 2)
})

test('a sentence that nobody can speak is a coded error with the reason', async (t) => {
  const { voice } = await openTestVoice(t, { engines: [countingEngine({ fails: true })] })
  await assert.rejects(voice.speak(words.hello, 'en', never), {
    code: 'VOICE_UNAVAILABLE',
    message: /greeter\.hello could not be spoken: counting: out of breath/,
  })
})

test('an engine that hangs is given up after its time', async (t) => {
  const hanging = countingEngine({ held: true })
  const { voice, clock } = await openTestVoice(t, { engines: [hanging, silent] })
  const spoken = voice.speak(words.hello, 'en', never)
  await hanging.asked
  await clock.advance(6_000)
  assert.ok((await spoken).seconds > 0)
})

test('a recording replaces the engine, for one filling or for all', async (t) => {
  const engine = countingEngine()
  const { voice, folder, clock } = await openTestVoice(t, { engines: [engine] })
  const three = words.wait({ minutes: 3 })
  await record(folder, 'en/greeter/wait.wav', 1)
  assert.equal((await voice.speak(three, 'en', never)).seconds, 1)

  const hash = createHash('sha256').update('Wait 3').digest('hex').slice(0, 8)
  await record(folder, `en/greeter/wait.${hash}.wav`, 2)
  await clock.advance(1_000)
  assert.equal((await voice.speak(three, 'en', never)).seconds, 2)
  assert.equal((await voice.speak(words.wait({ minutes: 4 }), 'en', never)).seconds, 1)
  assert.deepEqual(engine.spoken, [])
})

test('a recording made anew is heard after a second, a broken one is passed over', async (t) => {
  const engine = countingEngine()
  const { voice, folder, clock } = await openTestVoice(t, { engines: [engine] })
  await record(folder, 'en/greeter/hello.wav', 1)
  assert.equal((await voice.speak(words.hello, 'en', never)).seconds, 1)
  await record(folder, 'en/greeter/hello.wav', 3)
  assert.equal((await voice.speak(words.hello, 'en', never)).seconds, 1)
  await clock.advance(1_000)
  assert.equal((await voice.speak(words.hello, 'en', never)).seconds, 3)
  await writeFile(join(folder, 'prompts/en/greeter/hello.wav'), 'ID3')
  await clock.advance(1_000)
  await voice.speak(words.hello, 'en', never)
  assert.deepEqual(engine.spoken, ['en Hello.'])
})

test('constant texts are rendered ahead, one at a time', async (t) => {
  const engine = countingEngine()
  const { voice } = await openTestVoice(t, { engines: [engine] })
  await voice.prewarm([words.hello, words.bye], ['pl', 'en'])
  assert.equal(engine.most, 1)
  assert.deepEqual(engine.spoken, ['pl Dzień dobry.', 'pl Do widzenia.', 'en Hello.', 'en Goodbye.'])
})

test('a sentence unheard for ninety days is removed, one that is heard stays', async (t) => {
  const { voice, clock } = await openTestVoice(t, { engines: [silent] })
  const old = await voice.speak(words.hello, 'en', never)
  const used = await voice.speak(words.bye, 'en', never)
  await clock.advance(60 * day)
  await voice.speak(words.bye, 'en', never)
  await clock.advance(31 * day)
  assert.equal(await voice.prune(), 1)
  assert.deepEqual(await readdir(voice.folder), [used.file.slice(voice.folder.length + 1)])
  assert.notEqual(old.file, used.file)
})

test('an exchange on another host fetches a prompt by its signed address and by no other', async (t) => {
  const { voice, reopen } = await openTestVoice(t, { engines: [silent] })
  const { url, file } = await voice.speak(words.hello, 'en', never)
  assert.match(url, /^http:\/\/callbus\.test\/prompts\/[0-9a-f]{32}\.wav\?sig=[\w-]{43}$/)
  const http = Fastify()
  t.after(() => http.close())
  await http.register(promptRoutes(await reopen()))

  const address = url.replace('http://callbus.test', '')
  const right = await http.inject(address)
  assert.equal(right.statusCode, 200)
  assert.equal(right.headers['content-type'], 'audio/wav')
  assert.deepEqual(right.rawPayload, await readFile(file))

  const wrong = [
    address.slice(0, -2),
    `${address}x`,
    address.replace(/\?.*/, ''),
    '/prompts/..%2Fprompts.key?sig=x',
  ]
  for (const each of wrong) {
    const answer = await http.inject(each)
    assert.equal(answer.statusCode, 404)
    assert.equal(answer.json().code, 'NOT_FOUND')
  }
})

test('the site learns which prompts it can record and which recordings are wrong', async (t) => {
  const { folder } = await openTestVoice(t, { engines: [silent] })
  const prompts = listPrompts([words])
  assert.deepEqual(prompts.slice(0, 3), [
    { file: 'prompts/ru/greeter/hello.wav', name: 'greeter.hello', language: 'ru', text: 'Здравствуйте.' },
    { file: 'prompts/ru/greeter/bye.wav', name: 'greeter.bye', language: 'ru', text: 'До свидания.' },
    { file: 'prompts/ru/greeter/wait.wav', name: 'greeter.wait', language: 'ru' },
  ])

  await record(folder, 'en/greeter/hello.wav', 1)
  await record(folder, 'en/greeter/wait.0123abcd.wav', 1)
  await record(folder, 'en/greeter/good-by.wav', 1)
  await record(folder, 'pl/greeter/bye.wav', 0.01)
  await writeFile(join(folder, 'prompts/pl/greeter/hello.wav'), 'ID3')
  await writeFile(join(folder, 'prompts/pl/greeter/hello.mp3'), 'ID3')
  assert.deepEqual(await checkPrompts(folder, prompts), [
    'prompts/en/greeter/good-by.wav: no text has this name, so it is never heard. `callbus prompts` lists the names.',
    'prompts/pl/greeter/bye.wav: it is shorter than a tenth of a second. Record it again.',
    'prompts/pl/greeter/hello.mp3: only WAV files are played. Save it as WAV, best 8 kHz, 16 bits, one channel.',
    'prompts/pl/greeter/hello.wav: it cannot be played: it is no WAV file. Save it as PCM WAV, best 8 kHz, 16 bits, one channel.',
  ])
})

function countingEngine({ name = 'counting', held = false, fails = false } = {}) {
  const spoken: string[] = []
  const asked = Promise.withResolvers<void>()
  const holding = Promise.withResolvers<void>()
  if (!held) holding.resolve()
  let running = 0
  const engine = {
    name,
    spoken,
    most: 0,
    asked: asked.promise,
    release: () => holding.resolve(),
    manner: () => 'plain',
    async render(text, language) {
      spoken.push(`${language} ${text}`)
      engine.most = Math.max(engine.most, ++running)
      asked.resolve()
      await holding.promise
      running--
      if (fails) throw new Error('out of breath')
      return writeWav({ rate: 22050, samples: new Float32Array(22050) })
    },
  } satisfies Engine & Record<string, unknown>
  return engine
}

async function openTestVoice(t: TestContext, parts: Pick<VoiceParts, 'engines'>) {
  const folder = await mkdtemp(join(tmpdir(), 'callbus-voice-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const clock = openTestClock()
  const open = async () => {
    const voice = await openVoice({
      settings: Value.Default(VoiceSettings, {}) as VoiceSettings,
      site: { folder, dataFolder: join(folder, 'data') },
      clock,
      log: pino({ level: 'silent' }),
      baseUrl: 'http://callbus.test',
      ...parts,
    })
    t.after(() => voice[Symbol.asyncDispose]())
    return voice
  }
  return { folder, clock, voice: await open(), reopen: open }
}

async function record(folder: string, name: string, seconds: number) {
  const file = join(folder, 'prompts', name)
  await mkdir(join(file, '..'), { recursive: true })
  await writeFile(file, writeWav({ rate: 16000, samples: new Float32Array(16000 * seconds) }))
}
