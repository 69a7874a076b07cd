/** Bridges: who is put together, taken out to hear music, and parted. */
import type { Clock } from '#core/clock.ts'
import type { LegId } from '#core/schema.ts'
import type { Channel } from './ari/types.ts'
import { type Commands, refusal } from './commands.ts'
import type { Guard } from './guard.ts'
import { type Leg, type Legs, pathOf } from './legs.ts'
import type { Music } from './music.ts'
import type { Playbacks } from './playbacks.ts'
import type { Settings } from './settings.ts'

/** How long Asterisk may take to say that a leg has left a talk, in milliseconds; the word may be lost with a socket. */
const leavesWithin = 2000

export interface Talks {
  /** With further channels that are no legs of ours. */
  join(talk: string, legs: readonly Leg[], more?: readonly string[]): Promise<void>
  hold(leg: Leg, music: string): Promise<void>
  part(talk: string): Promise<void>
  /** It left a talk, or ended. */
  left(leg: LegId): void
  /** These exist already. */
  know(talks: readonly string[]): void
  forgetAll(): void
}

export function openTalks({
  clock,
  commands,
  guard,
  legs,
  music,
  playbacks,
  settings,
}: {
  clock: Clock
  commands: Commands
  guard: Guard
  legs: Legs
  music: Music
  playbacks: Playbacks
  settings: Pick<Settings, 'app'>
}): Talks {
  const talks = new Set<string>()
  /** Joins under way, by talk: its end must not overtake its beginning. */
  const joining = new Map<string, Promise<void>>()
  /** Legs being taken out of a talk, until Asterisk says that they have left it. */
  const leaving = new Map<LegId, () => void>()

  async function together(talk: string, members: readonly Leg[], more: readonly string[]) {
    await renew(talk, members)
    await putTogether(talk, members, more)
  }

  async function putTogether(talk: string, wanted: readonly Leg[], more: readonly string[]) {
    const path = `bridges/${encodeURIComponent(talk)}`
    // Asterisk would take out who is there already and put him back.
    const members = wanted.filter((leg) => leg.talk !== talk)
    const ids = [...members.map(({ id }) => id), ...more]
    if (ids.length === 0) return
    await Promise.all(members.map((leg) => playbacks.stop(leg)))
    const lane = wanted[0]?.lane ?? 0
    const isNew = !talks.has(talk)
    talks.add(talk)

    // One lane executes in order, so nothing is awaited in between: who is guarded or hears music is freed first.
    const add = `${path}/addChannel?channel=${ids.map(encodeURIComponent).join(',')}`
    const steps: Promise<unknown>[] = []
    if (isNew) steps.push(commands.ask(lane, 'POST', `${path}?type=mixing,dtmf_events&name=${settings.app}`))
    for (const leg of members) {
      if (leg.music !== undefined || leg.hearsOldMusic) steps.push(music.stop(leg))
      steps.push(guard.lift(leg))
      leg.talk = talk
    }
    const adding = commands.answerTo(lane, 'POST', add)
    await Promise.all([...steps, adding])
    const answer = await adding
    if (answer.status < 300 || (await isAnyGone(members))) return
    for (const leg of members) leg.talk = undefined
    throw refusal('POST', add, answer)
  }

  /** Waits until Asterisk says so: a later word of it would be taken for leaving what he joins next. */
  async function takeOut(leg: Leg) {
    const { talk } = leg
    // What is said to him alone would keep him in there to its end.
    await playbacks.stop(leg)
    if (talk === undefined) return
    const { promise: left, resolve } = Promise.withResolvers<void>()
    leaving.set(leg.id, resolve)
    const giveUp = clock.after(leavesWithin, resolve)
    try {
      const remove = `bridges/${encodeURIComponent(talk)}/removeChannel?channel=${encodeURIComponent(leg.id)}`
      const { status } = await commands.answerTo(leg.lane, 'POST', remove)
      if (status < 300 && leg.talk === talk && legs.has(leg.id)) await left
      if (leg.talk === talk) leg.talk = undefined
    } finally {
      giveUp()
      leaving.delete(leg.id)
    }
  }

  async function hold(leg: Leg, wanted: string) {
    await joining.get(leg.talk ?? '')?.catch(() => {})
    await playTo(leg, wanted)
  }

  async function playTo(leg: Leg, wanted: string) {
    await takeOut(leg)
    await music.start(leg, wanted)
  }

  /**
   * Where two codecs meet, a leg that stays in a bridge while its partner changes may hear nothing for seconds:
   * seen on 22.10.1, every second time. Leaving for a moment of music it hears the new one at once.
   */
  async function renew(talk: string, wanted: readonly Leg[]) {
    const staying = wanted.filter((leg) => leg.talk === talk)
    if (staying.length === wanted.length) return
    for (const leg of staying) await playTo(leg, 'default')
  }

  async function part(talk: string) {
    await joining.get(talk)?.catch(() => {})
    talks.delete(talk)
    await commands.ask('control', 'DELETE', `bridges/${encodeURIComponent(talk)}`)
  }

  async function isAnyGone(members: readonly Leg[]) {
    const found = await Promise.all(
      members.map(async ({ id }) => legs.has(id) && (await commands.read<Channel>(pathOf(id))) !== undefined),
    )
    return found.includes(false)
  }

  return {
    async join(talk, members, more = []) {
      const work = together(talk, members, more).finally(() => {
        if (joining.get(talk) === work) joining.delete(talk)
      })
      joining.set(talk, work)
      await work
    },
    hold,
    part,
    left: (leg) => leaving.get(leg)?.(),
    know(found) {
      for (const talk of found) talks.add(talk)
    },
    forgetAll: () => talks.clear(),
  }
}
