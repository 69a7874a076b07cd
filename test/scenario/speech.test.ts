/** The service that turns speech into text, as the house opens it for its plugins. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { type Adapter, defineAdapter } from '#core/adapter.ts'
import { startApp } from '#core/app.ts'
import { definePlugin, type Services, Type } from '#core/plugin.ts'
import { checkSettings, Settings } from '#core/settings.ts'
import { adapter as asterisk } from '../../adapters/asterisk/adapter.ts'
import { adapter as whisper } from '../../adapters/whisper/adapter.ts'
import { soundFiles, soundOf } from '../support/sounds.ts'
import { silentLog } from '../support/test-log.ts'
import { until } from '../support/until.ts'

async function open(t: TestContext, adapters: Adapter[]) {
  const folder = await mkdtemp(join(tmpdir(), 'callbus-speech-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  let given: Services | undefined
  const states: string[] = []
  const witness = definePlugin({
    name: 'witness',
    about: 'Shows what plugins are given.',
    settings: Type.Object({}, { default: {} }),
    start(services) {
      given = services
      services.bus.on('connection.changed', ({ neighbour, state }) => {
        if (neighbour === 'speech') states.push(state)
      })
    },
  })
  const settings = checkSettings(
    Settings,
    {
      http: { port: 0 },
      mqtt: { port: 0 },
      calls: { stopPatience: 0 },
      voice: { engines: ['silent'] },
      adapters: { asterisk: { simulated: true }, whisper: { simulated: true } },
    },
    '',
  )
  const app = await startApp({ settings, folder, log: silentLog, adapters, plugins: [witness] })
  t.after(() => app.stop())
  return { app, states, speech: given?.speech }
}

test('plugins are given the speech service of the site, and its standing is told as a neighbour’s', async (t) => {
  const { talk } = soundFiles(t, { talk: soundOf({ channels: [0.3, 0] }) })
  const { app, speech, states } = await open(t, [asterisk, whisper] as Adapter[])
  const text = await speech?.transcribe(talk, 'pl', AbortSignal.timeout(20_000))
  assert.match(text ?? '', /czterdzieści minut/)
  await until(() => states.join() === 'connecting,connected', { what: 'its standing to be told' })
  const ready = (await (await fetch(`${app.address}/ready`)).json()) as { parts: Record<string, string> }
  assert.equal(ready.parts.speech, 'ready')
})

test('a site without one has none, and one with two is told to choose', async (t) => {
  const { speech } = await open(t, [asterisk] as Adapter[])
  assert.equal(speech, undefined)
  const another = defineAdapter({ ...whisper, name: 'another' })
  await assert.rejects(open(t, [asterisk, whisper, another] as Adapter[]), {
    code: 'SETTINGS_INVALID',
    message: /more than one service for speech/,
  })
})
