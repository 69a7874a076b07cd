import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import fc from 'fast-check'
import { pino } from 'pino'
import { WebSocket } from 'ws'
import { realClock } from '#core/clock.ts'
import { type SimulatorOptions, startAriSimulator } from './simulator.ts'
import { toneWav } from './sound.ts'

type Frame = Record<string, unknown> & { type: string }

/** A program on one WebSocket: what it was told, and a way to ask. */
async function connect(url: string, app: string) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ari/events?app=${app}&api_key=callbus:simulated`)
  const frames: Frame[] = []
  const waits: { fits(frame: Frame): boolean; resolve(frame: Frame): void }[] = []
  socket.on('message', (data) => {
    const frame = JSON.parse(String(data)) as Frame
    frames.push(frame)
    for (const wait of [...waits]) {
      if (!wait.fits(frame)) continue
      waits.splice(waits.indexOf(wait), 1)
      wait.resolve(frame)
    }
  })
  await once(socket, 'open')
  let requests = 0
  const next = (fits: (frame: Frame) => boolean) => {
    const known = frames.find(fits)
    return known ? Promise.resolve(known) : new Promise<Frame>((resolve) => waits.push({ fits, resolve }))
  }
  return {
    socket,
    frames,
    types: () => frames.map(({ type }) => type).filter((type) => type !== 'RESTResponse'),
    event: (type: string, fits: (frame: Frame) => boolean = () => true) =>
      next((frame) => frame.type === type && fits(frame)),
    async ask(method: string, uri: string, body?: object) {
      const id = `${app}-${++requests}`
      const message = body ? { content_type: 'application/json', message_body: JSON.stringify(body) } : {}
      socket.send(JSON.stringify({ type: 'RESTRequest', request_id: id, method, uri, ...message }))
      const answer = await next((frame) => frame.type === 'RESTResponse' && frame.request_id === id)
      const text = answer.message_body
      return {
        status: answer.status_code as number,
        body: typeof text === 'string' ? JSON.parse(text) : undefined,
      }
    },
  }
}

async function start(t: TestContext, options: Partial<SimulatorOptions> = {}) {
  const log = pino({ level: 'silent' })
  const exchange = await startAriSimulator({ clock: realClock, log, app: 'app', ...options })
  t.after(() => exchange.stop())
  return exchange
}

async function sound(t: TestContext, seconds: number) {
  const folder = await mkdtemp(join(tmpdir(), 'sound-'))
  t.after(() => rm(folder, { recursive: true }))
  await writeFile(join(folder, 'tone.wav'), toneWav(seconds, 440))
  return `sound:${join(folder, 'tone')}`
}

test('a caller is answered, hears a sound and is hung up, told in the order of Asterisk', async (t) => {
  const exchange = await start(t)
  const program = await connect(exchange.url, 'app')
  const media = await sound(t, 0.05)
  const caller = exchange.ring({ from: '+380671112233', to: '+380441234567' })
  await program.event('StasisStart')
  assert.equal(
    (await program.ask('POST', `applications/app/subscription?eventSource=channel:${caller.leg}`)).status,
    200,
  )
  assert.equal((await program.ask('POST', `channels/${caller.leg}/answer`)).status, 204)
  await caller.until('answered')
  assert.equal((await program.ask('POST', `channels/${caller.leg}/play/p1`, { media })).status, 201)
  await program.event('PlaybackFinished')
  assert.deepEqual(caller.heard, [media])
  await program.ask('DELETE', `channels/${caller.leg}`)
  await program.event('ChannelDestroyed')
  const ending = ['ChannelHangupRequest', 'StasisEnd', 'ChannelHangupRequest', 'ChannelDestroyed']
  assert.deepEqual(program.types().slice(-4), ending)
  await caller.until('ended')
  assert.deepEqual(exchange.alive(), { channels: [], bridges: [], playbacks: [], recordings: [] })
})

test('a synchronous request waits for the playback and holds up its socket, not the others', async (t) => {
  const exchange = await start(t)
  const program = await connect(exchange.url, 'app')
  const other = await connect(exchange.url, 'lane')
  const caller = exchange.ring({ to: '1' })
  await program.event('StasisStart')
  await program.ask('POST', `channels/${caller.leg}/play/p1?media=tone:ring`)
  const order: string[] = []
  const answered = program.ask('POST', `channels/${caller.leg}/answer`).then(() => order.push('answer'))
  const pinged = program.ask('GET', 'asterisk/ping').then(() => order.push('ping'))
  assert.equal((await other.ask('GET', 'asterisk/ping')).body.ping, 'pong')
  order.push('other lane')
  assert.equal((await other.ask('DELETE', 'playbacks/p1')).status, 204)
  await Promise.all([answered, pinged])
  assert.deepEqual(order, ['other lane', 'answer', 'ping'])
})

test('an originated channel enters its program only once it is answered', async (t) => {
  const exchange = await start(t)
  const program = await connect(exchange.url, 'app')
  const phone = exchange.phone('101')
  assert.equal(
    (await program.ask('POST', 'channels/leg-1?endpoint=PJSIP/101&app=app&appArgs=out')).status,
    200,
  )
  assert.equal((await program.ask('POST', 'channels/leg-1?endpoint=PJSIP/101&app=app')).status, 409)
  const call = await phone.rung()
  assert.ok(!program.types().includes('StasisStart'))
  phone.answer()
  const started = await program.event('StasisStart')
  assert.deepEqual(started.args, ['out'])
  call.hangUp()
  assert.equal((await program.event('ChannelDestroyed')).cause, 16)
})

test('a busy phone ends its channel with the cause of busy', async (t) => {
  const exchange = await start(t)
  const program = await connect(exchange.url, 'app')
  exchange.phone('101', { busy: true })
  await program.ask('POST', 'channels/leg-1?endpoint=PJSIP/101&app=app')
  const ended = await program.event('ChannelDestroyed')
  assert.deepEqual([ended.cause, ended.tech_cause], [17, 486])
})

test('a call finds the island when no program listens', async (t) => {
  const exchange = await start(t)
  await exchange.ring({ from: '1', to: '2' }).until('island')
})

test('the guard leads a call that nobody freed to the island', async (t) => {
  const exchange = await start(t, { guard: 0.02 })
  const program = await connect(exchange.url, 'app')
  const caller = exchange.ring({ from: '1', to: '2' })
  await caller.until('island')
  await program.event('StasisEnd')
})

test('a second socket takes the program over and the first is told', async (t) => {
  const exchange = await start(t)
  const first = await connect(exchange.url, 'app')
  const second = await connect(exchange.url, 'app')
  await first.event('ApplicationReplaced')
  exchange.ring({ from: '1', to: '2' })
  await second.event('StasisStart')
  assert.ok(!first.types().includes('StasisStart'))
  assert.equal((await first.ask('GET', 'asterisk/ping')).status, 200)
})

test('events while the program is away are lost, its channels stay', async (t) => {
  const exchange = await start(t)
  const first = await connect(exchange.url, 'app')
  const caller = exchange.ring({ from: '1', to: '2' })
  await first.event('StasisStart')
  first.socket.terminate()
  caller.press('1')
  const second = await connect(exchange.url, 'app')
  caller.press('2')
  assert.equal((await second.event('ChannelDtmfReceived')).digit, '2')
})

test('the wire refuses what Asterisk refuses', async (t) => {
  const exchange = await start(t)
  const program = await connect(exchange.url, 'app')
  const status = async (method: string, uri: string) => (await program.ask(method, uri)).status
  assert.equal(await status('GET', '/channels'), 405)
  assert.equal(await status('GET', 'ari/channels'), 404)
  assert.equal(await status('PATCH', 'channels'), 400)
  assert.equal(await status('PUT', 'channels'), 405)
  assert.equal(await status('GET', 'events'), 400)
  assert.equal((await fetch(`${exchange.url}/ari/asterisk/ping`)).status, 401)
})

test('faults come on demand and wear off', async (t) => {
  const exchange = await start(t)
  const program = await connect(exchange.url, 'app')
  exchange.faults.refuse({ path: /ping/, status: 500, times: 1 })
  assert.equal((await program.ask('GET', 'asterisk/ping')).status, 500)
  assert.equal((await program.ask('GET', 'asterisk/ping')).status, 200)
})

test('any request whatever is answered', async (t) => {
  const exchange = await start(t)
  const program = await connect(exchange.url, 'app')
  exchange.phone('101')
  const caller = exchange.ring({ from: '1', to: '2' })
  await program.event('StasisStart')
  const path = fc
    .array(
      fc.constantFrom(
        'channels',
        'bridges',
        'playbacks',
        'play',
        'record',
        'answer',
        caller.leg,
        'x',
        '%',
        '..',
      ),
    )
    .map((parts) => parts.join('/'))
  const query = fc.constantFrom(
    '',
    '?media=sound:x',
    '?endpoint=PJSIP/101&app=app',
    '?channel=x&%',
    '?name=a&format=wav',
  )
  const method = fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'X')
  const body = fc.option(
    fc.dictionary(fc.constantFrom('media', 'variables', 'allowed', 'name'), fc.jsonValue()),
    {
      nil: undefined,
    },
  )
  const request = fc.tuple(method, fc.oneof(path, fc.string()), query, body)
  await fc.assert(
    fc.asyncProperty(request, async ([verb, where, what, given]) => {
      const { status } = await program.ask(verb, where + what, given)
      assert.ok(status >= 200 && status < 600)
    }),
    { numRuns: 200 },
  )
})
