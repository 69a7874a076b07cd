/** What is ours among all that is alive on the exchange: pure, from its lists. */
import type { Survey } from '#core/ports/telephony.ts'
import type { Bridge, Channel } from './ari/types.ts'
import { toArgs, toFrom, toMoment, toPurpose } from './translate.ts'

/** Legs we dial have ids of this beginning; the second half of a Local channel has ours with `;2`. */
const dialledByUs = /^cb-[^;]+$/
/** Asterisk's own channels for announcements, recordings and listening. */
const inner = /^(?:Snoop|Announcer|Recorder)\//

export function toSurvey(channels: readonly Channel[], bridges: readonly Bridge[], app: string): Survey {
  const talkOf = new Map(
    bridges.flatMap(({ id, channels }) => channels.map((channel) => [channel, id] as const)),
  )
  const legs = channels.flatMap((channel) => toSurveyed(channel, app, talkOf.get(channel.id)) ?? [])
  const inUse = new Set(legs.flatMap(({ talk }) => talk ?? []))
  const talks = bridges.filter(({ id, name }) => name === app || inUse.has(id)).map(({ id }) => id)
  return { legs, talks }
}

function toSurveyed(
  channel: Channel,
  app: string,
  talk: string | undefined,
): Survey['legs'][number] | undefined {
  if (inner.test(channel.name)) return undefined
  const args = toArgs(channel.dialplan, app)
  const isRungByUs = !args && channel.dialplan.app_name === 'AppDial2' && dialledByUs.test(channel.id)
  if (!args && !isRungByUs) return undefined

  const { kind, about } = isRungByUs ? { kind: 'out', about: undefined } : toPurpose(channel.id, args ?? [])
  if (kind === 'snoop') return undefined
  const from = kind === 'in' ? toFrom(channel.caller.number) : undefined
  return {
    leg: channel.id,
    direction: kind === 'out' ? 'out' : 'in',
    state: channel.state === 'Up' ? 'up' : 'ringing',
    ...(from && { from }),
    to: kind === 'in' ? (about ?? channel.dialplan.exten) : toAddress(channel.name),
    at: toMoment(channel.creationtime),
    ...(talk && { talk }),
    ...(kind === 'out' && about && { call: about }),
  }
}

/** `PJSIP/101-00000012` is the phone `PJSIP/101`. */
function toAddress(name: string): string {
  return name.replace(/-[0-9a-f]{8}(?:;[12])?$/, '')
}
