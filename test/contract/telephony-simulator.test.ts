import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { pino } from 'pino'
import { realClock } from '#core/clock.ts'
import type { Person } from '../../adapters/asterisk/simulator/person.ts'
import { type AriSimulator, startAriSimulator } from '../../adapters/asterisk/simulator/simulator.ts'
import { freePort } from '../support/ports.ts'
import { until } from '../support/until.ts'
import { openAsteriskHouse } from './asterisk-house.ts'
import { telephonyContract } from './telephony.ts'
import type { Habit, Human, Sound, World } from './telephony-world.ts'

const people = new WeakMap<Human, Person>()

const nameOf = ({ file }: Sound) => `sound:${file.replace(/\.wav$/, '')}`

function toHuman(person: Person): Human {
  const human: Human = {
    answered: () => person.until('answered'),
    ended: () => person.until('ended'),
    press: async (key) => person.press(key),
    async hangUp() {
      person.hangUp()
      await person.until('ended')
    },
    async hears(what) {
      if (what === 'island') return person.until('island')
      await until(() => isHeard(person, what), { what: `hearing ${describe(what)}` })
    },
    async hearsNot(who) {
      assert.ok(!isHeard(person, who))
    },
    heard: (sounds) =>
      person.heard.flatMap((heard) => sounds.find((sound) => nameOf(sound) === heard)?.name ?? []),
  }
  people.set(human, person)
  return human
}

function isHeard(person: Person, what: Sound | Human | 'music'): boolean {
  if (what === 'music') return person.music !== undefined
  if ('file' in what) return person.heard.includes(nameOf(what))
  return person.partners.includes(people.get(what)?.leg ?? '')
}

const describe = (what: Sound | Human | string) =>
  typeof what === 'string' ? what : 'file' in what ? what.name : 'the other'

function toWorld(exchange: AriSimulator): World {
  let extension = 100
  const habits = {
    answers: { answersAfter: 0 },
    'rings on': {},
    busy: { busy: true },
    rejects: { rejects: true },
  }
  return {
    ring: async (order) => toHuman(exchange.ring(order)),
    async phone(habit: Habit) {
      if (habit === 'unknown number')
        return { to: '+380999999999', rung: () => Promise.reject(new Error('unknown')) }
      const to = String(++extension)
      const phone = exchange.phone(to, habits[habit])
      return { to, rung: async () => toHuman(await phone.rung()) }
    },
    async alive() {
      const { channels, bridges, playbacks } = exchange.alive()
      return { channels: channels.length, bridges: bridges.length, playbacks: playbacks.length }
    },
  }
}

async function open(t: TestContext, listen?: { host: string; port: number }) {
  const exchange = await startAriSimulator({
    clock: realClock,
    log: pino({ level: 'silent' }),
    guard: 60,
    ...(listen && {
      outbound: {
        url: `ws://${listen.host}:${listen.port}/`,
        app: 'callbus',
        user: 'callbus',
        password: 'simulated',
        reconnectInterval: 20,
      },
    }),
  })
  const { url, user: username, password } = exchange
  const house = await openAsteriskHouse(
    { url: `${url}/ari`, username, password, ...(listen && { listen }) },
    toWorld(exchange),
  )
  t.after(async () => {
    await house.close()
    await exchange.stop()
  })
  return house
}

telephonyContract('simulated Asterisk', (t) => open(t))

telephonyContract('simulated Asterisk that dials us', async (t) =>
  open(t, { host: '127.0.0.1', port: await freePort() }),
)
