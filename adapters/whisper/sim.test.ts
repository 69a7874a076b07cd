import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { parse } from 'yaml'
import { soundFiles, soundOf } from '../../test/support/sounds.ts'
import { sim } from './sim.ts'

async function open(t: TestContext, ...words: string[]) {
  const cleanup = new AsyncDisposableStack()
  t.after(() => cleanup.disposeAsync())
  const printed: string[] = []
  const problem = await sim({
    words: ['--port', '0', ...words],
    cleanup,
    print: (text) => void printed.push(text),
  })
  return { problem, printed }
}

async function ask(card: string, sound: Buffer, more: Record<string, string> = {}) {
  const settings = /^adapters:\n(?: .*\n)+/m.exec(card)?.[0] ?? ''
  const { baseUrl, key } = parse(settings).adapters.whisper
  const body = new FormData()
  body.set('file', new Blob([new Uint8Array(sound)]), 'a.wav')
  for (const [name, value] of Object.entries(more)) body.set(name, value)
  const headers = key ? { authorization: `Bearer ${key}` } : {}
  return await fetch(`${baseUrl}/audio/transcriptions`, { method: 'POST', body, headers })
}

test('it answers with the texts it was given, by the sound, and prints what it hears', async (t) => {
  const [one, other] = [soundOf({ channels: [0.3] }), soundOf({ channels: [0.2] })]
  const hash = createHash('sha256').update(one).digest('hex')
  const { one: file } = soundFiles(t, { one })
  const table = join(dirname(file), 'texts.yaml')
  await writeFile(table, `${hash}: The first\n`)
  const { printed } = await open(t, '--texts', table, '--text', 'Any other', '--openai', '--key', 'sk-1')
  const [card = ''] = printed
  const fields = { model: 'whisper-1', response_format: 'text' }
  assert.equal(await (await ask(card, one, fields)).text(), ' The first\n')
  assert.equal(await (await ask(card, other, fields)).text(), ' Any other\n')
  assert.match(printed[1] ?? '', new RegExp(`^Heard ${hash}, model: whisper-1`))
  const refused = await ask(card, one, { ...fields, response_format: 'braille' })
  assert.deepEqual([refused.status, (await refused.json()).error.code], [400, 'unsupported_value'])
})

test('it is ill as asked, checks the form as a real one does, and says what it does not understand', async (t) => {
  const { printed } = await open(t)
  const noSound = await ask(printed[0] ?? '', Buffer.from('mp3'))
  assert.deepEqual([noSound.status, await noSound.text()], [400, 'Invalid request'])
  const noNumber = await ask(printed[0] ?? '', soundOf({ channels: [0.3] }), { temperature: 'warm' })
  assert.deepEqual([noNumber.status, await noNumber.text()], [500, 'stof'])

  const ill = await open(t, '--misbehave', 'not-found')
  const answer = await ask(ill.printed[0] ?? '', soundOf({ channels: [0.3] }))
  assert.deepEqual([answer.status, await answer.text()], [404, 'File Not Found (/v1/audio/transcriptions)'])
  assert.match(
    (await open(t, '--misbehave', 'measles')).problem ?? '',
    /cannot misbehave as `measles`.*\n.*not-found/,
  )
})
