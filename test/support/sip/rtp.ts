/** The voice of one call: 20 ms frames out on the beat, everything that comes in kept. */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { energyOf, type Samples, silence } from '../audio.ts'
import { decode, encode, type Law, payloadTypes } from './g711.ts'

export interface RtpStream extends AsyncDisposable {
  readonly port: number
  /** Begins to send there. */
  connect(to: { host: string; port: number; law: Law }): void
  /** Repeats the sound until told otherwise; nothing means silence, which is sent as well. */
  say(sound: Samples | undefined): void
  /** Nothing is sent any more: the exchange gives the port to the next call. */
  fallSilent(): void
  /** One key inside the audio (RFC 4733). */
  press(key: string): Promise<void>
  /** Everything heard so far. */
  heard(): Samples
  /** Samples sent so far: the beat that goes on whether anything is heard or not. */
  sent(): number
  /** The beat at which the first sound came in. */
  firstSound(): number | undefined
  /** Keys heard inside the audio. */
  keys(): string
}

const frame = 160
const audible = 0.01
const frameMs = 20
const keyType = 101
const keyNames = '0123456789*#ABCD'

export async function openRtp(ownHost = '127.0.0.1'): Promise<RtpStream> {
  const socket = createSocket('udp4')
  socket.bind(0, ownHost)
  await once(socket, 'listening')
  socket.on('error', () => undefined)

  const ssrc = Math.floor(Math.random() * 2 ** 32)
  let heard = new Int16Array(8000)
  let length = 0
  let keys = ''
  let lastKeyTime: number | undefined
  let remote: { host: string; port: number; law: Law } | undefined
  let sound: Samples | undefined
  let at = 0
  let sequence = Math.floor(Math.random() * 30_000)
  let time = 0
  let timer: NodeJS.Timeout | undefined
  let pressing: { key: string; frames: number; started: number; done: () => void } | undefined

  let firstSound: number | undefined

  function keep(samples: Int16Array) {
    if (firstSound === undefined && energyOf(samples) > audible) firstSound = time
    if (length + samples.length > heard.length) {
      const larger = new Int16Array(heard.length * 2)
      larger.set(heard)
      heard = larger
    }
    heard.set(samples, length)
    length += samples.length
  }

  socket.on('message', (packet) => {
    if (packet.length <= 12 || packet.readUInt8(0) >> 6 !== 2) return
    const type = packet.readUInt8(1) & 0x7f
    const start = 12 + (packet.readUInt8(0) & 0x0f) * 4
    const payload = packet.subarray(start)
    if (type === payloadTypes.PCMA) keep(decode(payload, 'PCMA'))
    else if (type === payloadTypes.PCMU) keep(decode(payload, 'PCMU'))
    else if (type === keyType && packet.readUInt32BE(4) !== lastKeyTime) {
      lastKeyTime = packet.readUInt32BE(4)
      keys += keyNames[payload.readUInt8(0)] ?? ''
    }
  })

  function send(type: number, payload: Uint8Array, stamp: number, isFirst = false) {
    if (!remote) return
    const packet = Buffer.alloc(12 + payload.length)
    packet.writeUInt8(0x80, 0)
    packet.writeUInt8(type | (isFirst ? 0x80 : 0), 1)
    packet.writeUInt16BE(sequence++ & 0xffff, 2)
    packet.writeUInt32BE(stamp >>> 0, 4)
    packet.writeUInt32BE(ssrc, 8)
    packet.set(payload, 12)
    socket.send(packet, remote.port, remote.host)
  }

  function sendFrame() {
    if (!remote) return
    if (pressing) sendKey(pressing)
    else send(payloadTypes[remote.law], encode(nextFrame(), remote.law), time)
    time += frame
  }

  /** Five frames of the key, three that say it is over. */
  function sendKey(press: NonNullable<typeof pressing>) {
    const isOver = press.frames >= 5
    const duration = Math.min(press.frames + 1, 6) * frame
    const code = keyNames.indexOf(press.key)
    send(
      keyType,
      Uint8Array.of(code, isOver ? 0x8a : 0x0a, duration >> 8, duration & 0xff),
      press.started,
      press.frames === 0,
    )
    press.frames++
    if (press.frames < 8) return
    pressing = undefined
    press.done()
  }

  function nextFrame(): Samples {
    if (!sound || sound.length < frame) return silence(frameMs / 1000)
    if (at + frame > sound.length) at = 0
    at += frame
    return sound.subarray(at - frame, at)
  }

  function keepTheBeat() {
    const began = performance.now()
    let sent = 0
    timer = setInterval(() => {
      const due = Math.floor((performance.now() - began) / frameMs)
      for (; sent < due; sent++) sendFrame()
    }, frameMs)
  }

  function fallSilent() {
    clearInterval(timer)
    pressing?.done()
    pressing = undefined
    remote = undefined
  }

  return {
    port: socket.address().port,
    connect(to) {
      remote = to
      if (!timer) keepTheBeat()
    },
    say(next) {
      sound = next
      at = 0
    },
    fallSilent,
    press(key) {
      const { promise, resolve } = Promise.withResolvers<void>()
      pressing = { key, frames: 0, started: time, done: resolve }
      return promise
    },
    heard: () => heard.slice(0, length),
    sent: () => time,
    firstSound: () => firstSound,
    keys: () => keys,
    async [Symbol.asyncDispose]() {
      fallSilent()
      socket.close()
      await once(socket, 'close')
    },
  }
}
