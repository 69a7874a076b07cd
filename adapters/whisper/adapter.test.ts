import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { test } from 'node:test'
import { connectAdapter } from '#core/adapter-host.ts'
import { type Clock, realClock } from '#core/clock.ts'
import { readWav } from '#core/sound/wav.ts'
import { openQuality } from '../../test/support/quality-house.ts'
import { soundFiles, soundOf } from '../../test/support/sounds.ts'
import { silentLog } from '../../test/support/test-log.ts'
import { until } from '../../test/support/until.ts'
import { adapter } from './adapter.ts'
import { connectToSimulator } from './simulator/connected.ts'
import { type Illness, misbehaviours } from './simulator/misbehaviours.ts'

const unhurried = () => AbortSignal.timeout(20_000)
const speaking = soundOf({ channels: [0.3] })
const formats = (heard: readonly { fields: Record<string, string> }[]) =>
  heard.map(({ fields }) => fields.response_format)
/** Short pauses pass at once. */
const hurried: Clock = {
  ...realClock,
  sleep: (pause, signal) => realClock.sleep(pause > 10_000 ? pause : 0, signal),
}

test('each recording is sent as one channel of 16 bits with every field, ours above those of the site', async (t) => {
  const { talk } = soundFiles(t, { talk: soundOf({ channels: [0.2, 0.4], rate: 48_000 }) })
  const settings = { key: 'sk-1', model: 'large-v3', fields: { temperature_inc: 0, prompt: 'Таксі.' } }
  await using world = await connectToSimulator({ settings, simulator: { key: 'sk-1', text: 'Так' } })
  assert.equal(await world.speech.transcribe(talk, 'uk', unhurried()), 'Так')
  const [heard = assert.fail()] = world.simulator.heard
  assert.deepEqual(heard.fields, {
    temperature_inc: '0',
    prompt: 'Таксі.',
    model: 'large-v3',
    language: 'uk',
    response_format: 'verbose_json',
    temperature: '0',
  })
  assert.equal(heard.file.readUInt16LE(22), 1)
  assert.equal(heard.file.readUInt16LE(34), 16)
  const { rate, samples } = readWav(heard.file)
  assert.equal(rate, 16_000)
  assert.equal(samples.length, 16_000)
  const loudest = samples.reduce((most, sample) => Math.max(most, sample), 0)
  assert.ok(loudest > 0.28 && loudest < 0.32, `the two are mixed to ${loudest}`)
})

test('nobody is asked about silence or a moment’s noise', async (t) => {
  const { silence, click, hum } = soundFiles(t, {
    silence: soundOf({ channels: [0] }),
    click: soundOf({ channels: [0.5], seconds: 0.06 }),
    hum: soundOf({ channels: [0.0005], seconds: 5 }),
  })
  await using world = await connectToSimulator({ simulator: { text: 'Thanks for watching!' } })
  for (const file of [silence, click, hum])
    assert.equal(await world.speech.transcribe(file, 'en', unhurried()), '')
  assert.deepEqual(world.simulator.heard, [])
})

test('what the service itself doubts, or invents for silence, is nothing', async (t) => {
  const { talk } = soundFiles(t, { talk: speaking })
  let text = 'Thanks for watching!'
  await using world = await connectToSimulator({
    settings: { fields: { prompt: 'Такси, водитель, заказ.' } },
    simulator: { text: () => text },
  })
  const said = () => world.speech.transcribe(talk, 'en', unhurried())
  assert.equal(await said(), '')
  text = 'такси водитель заказ'
  assert.equal(await said(), '')
  text = '[BLANK_AUDIO]'
  assert.equal(await said(), '')
  text = 'Thanks for watching the road, he did not.'
  assert.equal(await said(), text)
  world.simulator.misbehave(misbehaviours.invents)
  assert.equal(await said(), '')
})

test('a service that knows less is asked for less, and is asked so from the beginning the next time', async (t) => {
  const { talk } = soundFiles(t, { talk: speaking })
  await using world = await connectToSimulator({ simulator: { text: 'Yes' } })
  const says = () => world.speech.transcribe(talk, 'en', unhurried())
  world.simulator.misbehave(misbehaviours['json-only'])
  assert.deepEqual([await says(), await says()], ['Yes', 'Yes'])
  assert.deepEqual(formats(world.simulator.heard), ['verbose_json', 'json', 'json'])

  world.simulator.misbehave(misbehaviours['text-only'])
  await assert.rejects(says(), { code: 'SPEECH_NONSENSE' })
  assert.deepEqual([await says(), await says()], ['Yes', 'Yes'])
  assert.deepEqual(formats(world.simulator.heard.slice(3)), ['json', 'verbose_json', 'json', 'text', 'text'])
})

test('every refusal has its code and its reason', async (t) => {
  const { talk } = soundFiles(t, { talk: speaking })
  const refusals = {
    'not-found': ['SPEECH_REFUSED', /404 there is nothing at this path/, 1],
    'bad-request': ['SPEECH_REFUSED', /400 it does not take the recording/, 3],
    broken: ['SPEECH_REFUSED', /500/, 1],
    'too-long': ['SPEECH_REFUSED', /413 the recording is too long.*file_too_large/, 1],
    busy: ['SPEECH_REFUSED', /429 .* ask again in 60 s/, 1],
    loops: ['SPEECH_NONSENSE', /./, 1],
    proxy: ['SPEECH_NONSENSE', /./, 3],
    loading: ['SPEECH_UNREACHABLE', /it answered 503/, 2],
    reset: ['SPEECH_UNREACHABLE', /./, 2],
    half: ['SPEECH_UNREACHABLE', /./, 2],
  } as const
  for (const [name, [code, message, asked]] of Object.entries(refusals)) {
    await using world = await connectToSimulator({ simulator: { text: 'Yes' }, clock: hurried })
    world.simulator.misbehave(misbehaviours[name as keyof typeof refusals])
    await assert.rejects(world.speech.transcribe(talk, 'en', unhurried()), { code, message }, name)
    assert.equal(
      world.simulator.heard.length,
      asked,
      `${name} was asked ${world.simulator.heard.length} times`,
    )
  }
})

test('what passes soon is tried once more', async (t) => {
  const { talk } = soundFiles(t, { talk: speaking })
  await using world = await connectToSimulator({ simulator: { text: 'Yes' }, clock: hurried })
  const says = () => world.speech.transcribe(talk, 'en', unhurried())
  for (const how of [misbehaviours.reset, misbehaviours.loading]) {
    world.simulator.misbehave(how, 1)
    assert.equal(await says(), 'Yes')
  }
  const briefly = {
    answer: (_, reply) => reply.code(429).header('retry-after', '1').send(),
  } satisfies Pick<Illness, 'answer'>
  world.simulator.misbehave(briefly, 1)
  assert.equal(await says(), 'Yes')
})

test('a service that is silent again and again is left in peace for a while', async (t) => {
  const { talk } = soundFiles(t, { talk: speaking })
  await using world = await connectToSimulator({ clock: hurried })
  await until(() => world.reported.at(-1)?.state === 'connected', { what: 'it to be found' })
  world.simulator.misbehave(misbehaviours.reset)
  const fails = (message: RegExp) =>
    assert.rejects(world.speech.transcribe(talk, 'en', unhurried()), { code: 'SPEECH_UNREACHABLE', message })
  for (const _ of [1, 2, 3]) await fails(/./)
  const asked = world.simulator.heard.length
  await fails(/is asked again in \d+ s/)
  assert.equal(world.simulator.heard.length, asked)
  assert.equal(world.reported.at(-1)?.state, 'lost')
})

test('a wrong key is refused; neither it nor what was said is in a log or an error', async (t) => {
  const { talk } = soundFiles(t, { talk: speaking })
  const key = 'sk-very-secret'
  const simulator = { key: 'another', text: 'Private words' }
  await using world = await connectToSimulator({ settings: { key }, simulator })
  await until(() => world.reported.at(-1)?.state === 'lost', { what: 'the refusal to be told' })
  assert.match(world.reported.at(-1)?.because ?? '', /it answered 401, the key is not taken/)
  await assert.rejects(world.speech.transcribe(talk, 'en', unhurried()), (thrown: Error) => {
    assert.match(thrown.message, /401 the key is not taken, invalid_api_key/)
    assert.ok(!`${thrown.stack} ${JSON.stringify(thrown)} ${thrown.cause}`.includes(key))
    return true
  })
  await using other = await connectToSimulator({ simulator: { text: 'Private words' } })
  other.simulator.misbehave({ answer: (_, reply) => reply.code(500).send('Private words') })
  await assert.rejects(other.speech.transcribe(talk, 'en', unhurried()), (thrown: Error) => {
    assert.ok(!`${thrown.stack} ${JSON.stringify(thrown)} ${thrown.cause}`.includes('Private'))
    return true
  })
  other.simulator.behave()
  assert.equal(await other.speech.transcribe(talk, 'en', unhurried()), 'Private words')
  const logged = [...world.logged, ...other.logged].join()
  for (const secret of [key, 'Private']) assert.ok(!logged.includes(secret), logged)
})

test('the service has no more in its hands than it may, and who comes to a full room goes on at once', async (t) => {
  const { talk } = soundFiles(t, { talk: speaking })
  await using world = await connectToSimulator({
    settings: { simultaneous: 2, waiting: 2 },
    simulator: { text: 'Yes' },
  })
  const asked = Array.from({ length: 6 }, () => world.speech.transcribe(talk, 'en', unhurried()))
  const answers = await Promise.allSettled(asked)
  assert.deepEqual(
    answers.map((each) => (each.status === 'fulfilled' ? each.value : each.reason.code)),
    ['Yes', 'Yes', 'Yes', 'Yes', 'SPEECH_NOT_ASKED', 'SPEECH_NOT_ASKED'],
  )
  assert.ok(world.simulator.busiest() <= 2)
})

test('a recording that is too long is not sent', async (t) => {
  const { talk } = soundFiles(t, { talk: soundOf({ channels: [0.3], seconds: 3 }) })
  await using world = await connectToSimulator({ settings: { longestSeconds: 2 } })
  await assert.rejects(world.speech.transcribe(talk, 'en', unhurried()), {
    code: 'SPEECH_NOT_ASKED',
    message: /it lasts 3 s/,
  })
  assert.deepEqual(world.simulator.heard, [])
})

test('how the house stands with it is told, also when nobody asks it anything', async () => {
  await using world = await connectToSimulator({ settings: { lookSeconds: 1 }, clock: hurriedLooks() })
  const state = () => world.reported.at(-1)?.state
  await until(() => state() === 'connected', { what: 'it to be found' })
  await world.simulator.goDown()
  await until(() => state() === 'lost', { what: 'the loss to be noticed' })
  await world.simulator.comeBack()
  await until(() => state() === 'connected', { what: 'the return to be noticed' })
})

/** Looks come soon, and a service that is left in peace is asked again soon. */
function hurriedLooks() {
  return {
    ...realClock,
    now: () => realClock.now() * 1_000,
    sleep: (_: number, signal?: AbortSignal) => realClock.sleep(10, signal),
  }
}

test('nothing travels readable to a machine outside unless that is allowed', async () => {
  const connect = async (settings: object) => {
    await using cleanup = new AsyncDisposableStack()
    await connectAdapter(adapter, settings, () => undefined, {
      cleanup,
      clock: realClock,
      log: silentLog,
      site: {} as never,
      facts: async () => [],
    })
  }
  const refused = { code: 'SETTINGS_INVALID' }
  for (const baseUrl of ['http://203.0.113.7/v1', 'http://speech.invalid/v1', 'http://10.evil.invalid/v1'])
    await assert.rejects(connect({ baseUrl }), refused, baseUrl)
  await assert.rejects(connect({ baseUrl: 'http://127.0.0.1:1/v1', fields: { model: 'other' } }), refused)
  for (const baseUrl of ['http://localhost:1/v1', 'http://127.0.0.1:1/v1', 'http://[::1]:1/v1'])
    await connect({ baseUrl })
})

test('a complaint of both sides reaches those responsible with its text, and without it when the service is away', async (t) => {
  await using world = await connectToSimulator({ simulator: { text: 'He was rude to me.' } })
  const settings = { complaints: { lines: ['100'] } }
  const house = await openQuality(t, { settings, speech: world.speech })
  house.app.exchange.port.takeRecording = async (_, file) => {
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, soundOf({ channels: [0.3, 0], seconds: 6 }))
    return { seconds: 6 }
  }
  await (await house.complains()).hangsUp()
  const [letter] = await house.told(1)
  assert.match(letter?.text ?? '', /^Transcript: He was rude to me\.$/m)
  assert.ok(letter?.attachment)
  const [complaint] = await house.get<{ transcript?: string }[]>('/complaints')
  assert.equal(complaint?.transcript, 'He was rude to me.')

  await world.simulator.goDown()
  await (await house.complains()).hangsUp()
  const letters = await house.told(2)
  assert.doesNotMatch(letters[1]?.text ?? '', /Transcript/)
  assert.ok(letters[1]?.attachment)
})
