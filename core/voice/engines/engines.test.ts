import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text as textOf } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
import Value from 'typebox/value'
import { languages } from '../../schema.ts'
import { readWav, telephoneRate, writeWav } from '../../sound/wav.ts'
import { VoiceSettings } from '../settings.ts'
import { espeakNg } from './espeak-ng.ts'
import { openAi } from './openai.ts'
import { silent } from './silent.ts'

const settings = Value.Default(VoiceSettings, {}) as VoiceSettings
const never = new AbortController().signal
const hasEspeak = spawnSync('espeak-ng', ['--version']).status === 0
const withEspeak = hasEspeak
  ? {}
  : { skip: 'espeak-ng is not installed; `apt-get install espeak-ng` enables it' }

const texts = {
  ru: 'Машина будет через пять минут.',
  uk: 'Машина буде за п’ять хвилин.',
  pl: 'Taksówka będzie za pięć minut.',
  en: 'Your taxi will be there in five minutes.',
}

test('espeak-ng speaks each language', withEspeak, async () => {
  const engine = espeakNg(settings.espeak)
  for (const language of languages) {
    const { rate, samples } = readWav(await engine.render(texts[language], language, never))
    assert.ok(samples.length / rate > 1, `${language} took ${samples.length / rate} s`)
    assert.ok(samples.some((sample) => Math.abs(sample) > 0.1))
  }
})

test('a text that looks like an option or like markup is only spoken', withEspeak, async () => {
  const engine = espeakNg(settings.espeak)
  const { samples } = readWav(await engine.render('-f /etc/passwd <b>five', 'en', never))
  assert.ok(samples.length > 0)
})

test('a program that is missing or fails is an error with its own complaint', async () => {
  const missing = espeakNg({ ...settings.espeak, command: 'no-such-espeak' })
  await assert.rejects(missing.render('x', 'en', never), /ENOENT/)
  const failing = espeakNg({ ...settings.espeak, command: 'false' })
  await assert.rejects(failing.render('x'.repeat(200_000), 'en', never), /false ended with 1/)
})

test('a rendering that nobody waits for any more is stopped', withEspeak, async () => {
  const nobody = new AbortController()
  const rendering = espeakNg(settings.espeak).render('five '.repeat(20_000), 'en', nobody.signal)
  nobody.abort()
  await assert.rejects(rendering, { name: 'AbortError' })
})

test('a speech service is asked in the OpenAI form, with the key from a file', async (t) => {
  const asked: unknown[] = []
  const wav = writeWav({ rate: 24000, samples: new Float32Array(100) })
  const baseUrl = await serve(t, async (request, response) => {
    asked.push(request.url, request.headers.authorization, JSON.parse(await textOf(request)))
    response.end(wav)
  })
  const folder = await mkdtemp(join(tmpdir(), 'callbus-key-'))
  t.after(() => rm(folder, { recursive: true }))
  await writeFile(join(folder, 'key'), 'secret\n')

  const engine = openAi({
    ...settings.openai,
    baseUrl,
    keyFile: join(folder, 'key'),
    voices: { pl: 'zofia' },
  })
  assert.deepEqual(await engine.render(texts.pl, 'pl', never), wav)
  assert.deepEqual(asked, [
    '/v1/audio/speech',
    'Bearer secret',
    { model: 'tts-1', voice: 'zofia', input: texts.pl, response_format: 'wav', speed: 1 },
  ])
})

test('a speech service that is busy is not asked twice: the caller waits', async (t) => {
  let asked = 0
  const baseUrl = await serve(t, (_, response) => {
    asked++
    response.writeHead(503).end('busy')
  })
  await assert.rejects(openAi({ ...settings.openai, baseUrl }).render('x', 'en', never), /503/)
  assert.equal(asked, 1)
})

test('an abandoned question to a speech service is taken back', async (t) => {
  const nobody = new AbortController()
  const baseUrl = await serve(t, () => nobody.abort())
  await assert.rejects(openAi({ ...settings.openai, baseUrl }).render('x', 'en', nobody.signal))
})

test('silence lasts as long as the sentence would', async () => {
  const { rate, samples } = readWav(await silent.render(texts.en, 'en', never))
  assert.equal(rate, telephoneRate)
  assert.ok(samples.length / rate > 2 && samples.length / rate < 4)
  assert.ok(samples.every((sample) => sample === 0))
})

async function serve(t: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
}
