/** The port's promise kept on a real Asterisk, with telephones that speak SIP at the far ends. */
import assert from 'node:assert/strict'
import { after } from 'node:test'
import { type AsteriskInstance, islandTone, musicTone, startAsterisk } from '../asterisk/instance.ts'
import { type Playbacks, watchPlaybacks } from '../asterisk/watch-playbacks.ts'
import { hasTone, type Samples, samplesPerSecond } from '../support/audio.ts'
import { needs } from '../support/needs.ts'
import { freePort } from '../support/ports.ts'
import type { PhoneCall } from '../support/sip/phone-call.ts'
import { openPhone, type PhoneOptions, ring } from '../support/sip/sip-phone.ts'
import { until } from '../support/until.ts'
import { openAsteriskHouse } from './asterisk-house.ts'
import { telephonyContract } from './telephony.ts'
import type { Habit, Human, Sound, World } from './telephony-world.ts'

const extensions = ['101', '102', '103', '104']

contractOn('real Asterisk', async () => ({ asterisk: await startAsterisk({ phones: extensions }) }))

contractOn('real Asterisk that dials us', async () => {
  const listen = { host: '127.0.0.1', port: await freePort() }
  const url = `ws://${listen.host}:${listen.port}/`
  const client = `[callbus_client]
type=websocket_client
connection_type=persistent
uri=${url}
protocols=ari
username=callbus
password=callbus-test
reconnect_interval=100
`
  const asterisk = await startAsterisk({
    phones: extensions,
    outbound: { url, apps: 'callbus' },
    configFiles: { 'websocket_client.conf': client },
  })
  return { asterisk, listen }
})

interface Exchange {
  asterisk: AsteriskInstance
  /** Where it dials us; otherwise we dial it. */
  listen?: { host: string; port: number }
}

/** One exchange for all promises; each begins with it empty. */
function contractOn(name: string, start: () => Promise<Exchange>): void {
  let running: Promise<Exchange & { playbacks: Playbacks }> | undefined
  after(async () => {
    const { asterisk, playbacks } = (await running) ?? {}
    playbacks?.[Symbol.dispose]()
    await asterisk?.[Symbol.asyncDispose]()
  })

  async function begin() {
    const exchange = await start()
    return { ...exchange, playbacks: await watchPlaybacks(exchange.asterisk) }
  }

  telephonyContract(
    name,
    async (t) => {
      running ??= begin()
      const { asterisk, listen, playbacks } = await running
      const { ariUrl: url, user: username, password } = asterisk
      const people = new AsyncDisposableStack()
      const house = await openAsteriskHouse(
        { url, username, password, ...(listen && { listen }) },
        worldAround(asterisk, playbacks, people),
      )
      t.after(async () => {
        await people.disposeAsync()
        // Asterisk 22.10.1 can die of an event it writes just when our connection closes.
        await clear(asterisk)
        await house.close()
      })
      return house
    },
    { skip: needs.asterisk() },
  )
}

/** A failed promise leaves its people's channels; the next one starts in an empty exchange. */
async function clear(asterisk: AsteriskInstance) {
  for (const kind of ['channels', 'bridges']) {
    const left = async () => (await asterisk.ari('GET', kind)) as { id: string }[]
    for (const { id } of await left())
      await asterisk.ari('DELETE', `${kind}/${encodeURIComponent(id)}`).catch(() => {})
    await until(async () => (await left()).length === 0, { what: `no ${kind} to be left` })
  }
}

function worldAround(asterisk: AsteriskInstance, playbacks: Playbacks, people: AsyncDisposableStack): World {
  const answers: Record<Habit, NonNullable<PhoneOptions['answers']>> = {
    answers: 'at once',
    'rings on': 'never',
    busy: 486,
    rejects: 603,
    'unknown number': 404,
  }
  let voices = 0
  const nextVoice = () => 1500 + 200 * voices++
  let phones = 0

  return {
    async ring({ from = 'anonymous', to }) {
      const voice = nextVoice()
      return toHuman(people.use(await ring({ asterisk, from, to, says: voice })), voice)
    },
    async phone(habit) {
      const extension = extensions[phones++] ?? ''
      const voice = nextVoice()
      const phone = people.use(
        await openPhone({ port: asterisk.phones[extension], answers: answers[habit], says: voice }),
      )
      return { to: extension, rung: async () => toHuman(await phone.rung(), voice) }
    },
    async alive() {
      const [channels, bridges] = await Promise.all([
        asterisk.ari('GET', 'channels'),
        asterisk.ari('GET', 'bridges'),
      ])
      return {
        channels: (channels as unknown[]).length,
        bridges: (bridges as unknown[]).length,
        playbacks: playbacks.running.size,
      }
    },
  }
}

/** The share of a voice that others speak beside. */
const oneOfSome = 0.15

const voiceOf = new WeakMap<Human, number>()

function toHuman(call: PhoneCall, voice: number): Human {
  const human: Human = {
    answered: () => call.answered(),
    async ended() {
      await call.ended()
    },
    press: (key) => call.press(key),
    hangUp: () => call.hangUp(),
    async hears(what) {
      const since = call.mark()
      const isThere = () => hasTone(call.heardSince(since), hertzOf(what), oneOfSome)
      await until(isThere, { what: `${hertzOf(what)} Hz to be heard`, within: 15_000 })
    },
    async hearsNot(who) {
      const since = call.mark()
      await until(() => call.heardSince(since).length > samplesPerSecond / 2, {
        what: 'half a second of sound',
      })
      assert.ok(!hasTone(call.heardSince(since), hertzOf(who), oneOfSome), `${hertzOf(who)} Hz was heard`)
    },
    heard: (sounds) => inOrder(call.heard(), sounds),
  }
  voiceOf.set(human, voice)
  return human
}

function hertzOf(what: Parameters<Human['hears']>[0]): number {
  if (what === 'music') return musicTone
  if (what === 'island') return islandTone
  return 'hertz' in what ? what.hertz : (voiceOf.get(what) ?? 0)
}

function inOrder(heard: Samples, sounds: readonly Sound[]): string[] {
  return sounds
    .map(({ name, hertz }) => ({ name, at: firstOf(heard, hertz) }))
    .filter(({ at }) => at >= 0)
    .sort((one, other) => one.at - other.at)
    .map(({ name }) => name)
}

function firstOf(heard: Samples, hertz: number): number {
  const window = samplesPerSecond / 10
  for (let at = 0; at + window <= heard.length; at += window) {
    if (hasTone(heard.subarray(at, at + window), hertz)) return at
  }
  return -1
}
