/** What is ours among all that is alive on the exchange. */
import type { Survey } from '#core/ports/telephony.ts'
import type { Bridge, Channel } from './ari/types.ts'
import type { Commands } from './commands.ts'
import { callVariable } from './dials.ts'
import { pathOf } from './legs.ts'
import type { Settings } from './settings.ts'
import { isLink, type Purpose, toArgs, toFrom, toMoment, toPurpose } from './translate.ts'

/** Legs we dial have ids of this beginning; the second half of a Local channel has ours with `;2`. */
const dialledByUs = /^cb-[^;]+$/
/** Asterisk's own channels for announcements, recordings and listening. */
const inner = /^(?:Snoop|Announcer|Recorder)\//

type SurveySettings = Pick<Settings, 'app' | 'extension'>

export function toSurvey(
  channels: readonly Channel[],
  bridges: readonly Bridge[],
  settings: SurveySettings,
): Survey {
  const talkOf = new Map(
    bridges.flatMap(({ id, channels }) => channels.map((channel) => [channel, id] as const)),
  )
  const legs = channels.flatMap((channel) => toSurveyed(channel, settings, talkOf.get(channel.id)) ?? [])
  const inUse = new Set(legs.flatMap(({ talk }) => talk ?? []))
  const talks = bridges.filter(({ id, name }) => name === settings.app || inUse.has(id)).map(({ id }) => id)
  return { legs, talks }
}

function toSurveyed(
  channel: Channel,
  { app, extension }: SurveySettings,
  talk: string | undefined,
): Survey['legs'][number] | undefined {
  if (inner.test(channel.name)) return undefined
  const args = toArgs(channel.dialplan, app)
  const isRungByUs = !args && channel.dialplan.app_name === 'AppDial2' && dialledByUs.test(channel.id)
  if (!args && !isRungByUs) return undefined

  const { kind, about, to } = isRungByUs ? rungByUs : toPurposeOf(channel, args ?? [])
  // Whoever dialled a code dials it again.
  if (kind === 'snoop' || kind === 'ear' || kind === 'phone') return undefined
  const from = kind === 'in' ? toFrom(channel.caller.number) : undefined
  return {
    leg: channel.id,
    direction: kind === 'out' ? 'out' : 'in',
    state: channel.state === 'Up' ? 'up' : 'ringing',
    ...(from && { from }),
    to: kind === 'in' ? (about ?? channel.dialplan.exten) : (to ?? toAddress(channel.name, extension)),
    at: toMoment(channel.creationtime),
    ...(talk && { talk }),
    ...(kind === 'out' && about && { call: about }),
  }
}

const rungByUs: Purpose = { kind: 'out', about: undefined }

/** A link stands in the place of a phone we rang, and shows the number of whoever is at its other end. */
function toPurposeOf(channel: Channel, args: readonly string[]): Purpose {
  return isLink(channel) ? { ...rungByUs, to: channel.caller.number } : toPurpose(channel.id, args)
}

/** `PJSIP/101-00000012` is the phone `101` where extensions are dialled as `PJSIP/{extension}`. */
function toAddress(name: string, extension: string): string {
  const address = name.replace(/-[0-9a-f]{8}(?:;[12])?$/, '')
  const [before = '', after = ''] = extension.split('{extension}')
  const isExtension = address.startsWith(before) && address.endsWith(after)
  return isExtension ? address.slice(before.length, address.length - after.length) : address
}

/** A phone that still rings has not told its purpose; the variable given at its dialling does. */
export async function addCall(leg: Survey['legs'][number], { read }: Pick<Commands, 'read'>): Promise<void> {
  if (leg.direction === 'in' || leg.call) return
  const path = `${pathOf(leg.leg)}/variable?variable=${callVariable}`
  const variable = await read<{ value: string }>(path)
  const [call, to] = variable?.value.split(',') ?? []
  if (call) leg.call = call
  if (to) leg.to = to
}
