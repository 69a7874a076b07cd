/** What most promises of the telephony port begin and end with. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { realClock } from '#core/clock.ts'
import type { DialOrder } from '#core/ports/telephony.ts'
import { tone, writeWav } from '../support/audio.ts'
import { until } from '../support/until.ts'
import type { House, Sound } from './telephony-world.ts'

export const line = '+380441234567'
export const passenger = '+380671112233'
export const never = new AbortController().signal

export function orderTo(to: string, more: Partial<DialOrder> = {}): DialOrder {
  return { leg: `cb-${randomUUID()}`, call: 'call-1', to, callerId: { number: line }, ringFor: 20, ...more }
}

/** Settles in time whichever way; a bound against waiting for ever. */
export async function promptly<Value>(asked: Promise<Value>): Promise<Value> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error('It did not settle promptly.')), 4000)
  try {
    return await Promise.race([asked, promise])
  } finally {
    clearTimeout(timer)
  }
}

export async function offer(house: House, from = passenger) {
  const known = new Set(
    house.events.all.flatMap((event) => (event.name === 'leg.offered' ? [event.leg] : [])),
  )
  const caller = await house.world.ring({ from, to: line })
  const { leg } = await house.events.next('leg.offered', (event) => !known.has(event.leg))
  return { caller, leg }
}

export async function answered(house: House) {
  const { caller, leg } = await offer(house)
  await house.port.answer(leg, never)
  await caller.answered()
  return { caller, leg }
}

/** An operator who took up. */
export async function reached(house: House) {
  const phone = await house.world.phone('answers')
  const order = orderTo(phone.to)
  const [outcome, operator] = await Promise.all([house.port.dial(order, never), phone.rung()])
  assert.equal(outcome, 'answered')
  await operator.answered()
  return { operator, operatorLeg: order.leg, to: phone.to }
}

export async function talking(house: House, talk: string) {
  const { caller, leg } = await answered(house)
  const { operator, operatorLeg, to } = await reached(house)
  await house.port.join(talk, [leg, operatorLeg], never)
  return { caller, leg, operator, operatorLeg, to }
}

/** Time itself is what is recorded here; nothing is synchronised by it. */
export const speakAWhile = () => realClock.sleep(700)

export async function nothingIsLeft({ world }: House): Promise<void> {
  let alive = await world.alive()
  const isEmpty = async () => {
    alive = await world.alive()
    return alive.channels + alive.bridges + alive.playbacks === 0
  }
  await until(isEmpty, { what: 'the exchange to be empty', within: 5000 }).catch(() => undefined)
  assert.deepEqual(alive, { channels: 0, bridges: 0, playbacks: 0 })
}

export async function makeFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'telephony-contract-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  return folder
}

export async function makeSound(
  t: TestContext,
  { seconds, hertz = 600 }: { seconds: number; hertz?: number },
): Promise<Sound> {
  const name = `tone-${hertz}`
  const file = join(await makeFolder(t), `${name}.wav`)
  writeWav(file, tone(hertz, seconds))
  return { file, url: `http://127.0.0.1/${name}.wav`, seconds, name, hertz }
}
