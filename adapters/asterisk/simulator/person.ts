import type { Channel } from './channel.ts'
import type { Exchange } from './exchange.ts'
import type { Party, Stage } from './party.ts'

/** Somebody on a call, as a test or the living company sees them. */
export interface Person {
  /** The id of their channel. */
  readonly leg: string
  /** What was played to them, in the order it began. */
  readonly heard: readonly string[]
  /** The music they hear between what is played. */
  readonly music: string | undefined
  readonly isTalking: boolean
  /** The legs of everybody they hear now. */
  readonly partners: readonly string[]
  readonly stage: Stage
  /** Q.850, once ended. */
  readonly cause: number | undefined
  /** What their phone shows. */
  readonly shown: { name: string; number: string }
  /** Resolves once the stage was reached; rejects when the call ends without it. */
  until(stage: Stage): Promise<void>
  press(key: string): void
  hangUp(): void
}

export function toPerson(exchange: Exchange, party: Party): Person {
  const { channel } = party
  return {
    leg: channel.id,
    heard: party.heard,
    get music() {
      return party.music
    },
    get isTalking() {
      return party.isTalking
    },
    get partners() {
      return [...heardBy(channel)].map(({ id }) => id)
    },
    get stage() {
      return party.stage
    },
    get cause() {
      return party.cause
    },
    shown: channel.connected,
    until: (stage) => party.until(stage),
    press: (key) => exchange.press(channel, key),
    hangUp: () => void exchange.hangUp(channel, 16),
  }
}

/** Whom a channel hears: those in its bridge, whom an ear of its bridge hears, and who whispers to it. */
function heardBy(channel: Channel): Set<Channel> {
  if (channel.playback) return new Set()
  const members = others(channel).flatMap((member) => {
    if (!member.snoopOf) return [member, ...whisperers(member, 'in')]
    const { target, spy } = member.snoopOf
    return [...(spy === 'out' ? [] : [target]), ...(spy === 'in' ? [] : others(target))]
  })
  return new Set([...members, ...whisperers(channel, 'out')].filter((heard) => heard !== channel))
}

/** Who is heard along with what comes from a channel, or with what goes to it. */
function whisperers(channel: Channel, direction: 'in' | 'out'): Channel[] {
  return [...channel.snoops].flatMap((ear) => {
    const whisper = ear.snoopOf?.whisper
    return whisper === direction || whisper === 'both' ? others(ear) : []
  })
}

function others(channel: Channel): Channel[] {
  const { bridge } = channel
  return !bridge || bridge.isHolding ? [] : [...bridge.channels].filter((member) => member !== channel)
}
