/** What phones and trunks are doing, also what they do without us: the exchange's states of devices. */
import type { Logger } from 'pino'
import { reasonOf } from '#core/errors.ts'
import type { PhoneState, TelephonyEvent } from '#core/ports/telephony.ts'
import type { DeviceState, Endpoint } from './ari/types.ts'
import type { Commands } from './commands.ts'
import type { Settings } from './settings.ts'

const states: Record<string, PhoneState> = {
  NOT_INUSE: 'free',
  INUSE: 'busy',
  BUSY: 'busy',
  RINGING: 'busy',
  RINGINUSE: 'busy',
  ONHOLD: 'busy',
  UNAVAILABLE: 'away',
}

export interface Presence {
  connected(): void
  hear(device: DeviceState): void
}

export function openPresence(parts: {
  commands: Commands
  report(event: TelephonyEvent): void
  settings: Pick<Settings, 'app' | 'extension' | 'trunk'>
  log: Logger
}): Presence {
  const { commands, report, settings, log } = parts
  const trunk = trunkOf(settings.trunk)
  const [technology = ''] = settings.extension.split('/')

  /** Devices that told of themselves since we began to ask how all stand: an answer may be older than that. */
  const told = new Set<string>()

  function note({ name, state }: Pick<DeviceState, 'name' | 'state'>) {
    const known = states[state]
    // Of what the exchange does not know nothing is claimed.
    if (known === undefined) return
    if (name === trunk)
      return report({
        name: 'trunk.changed',
        trunk: name.slice(name.indexOf('/') + 1),
        state: known === 'away' ? 'lost' : 'connected',
      })
    const phone = phoneOf(name, settings.extension)
    if (phone !== undefined) report({ name: 'phone.changed', phone, state: known })
  }

  /** Changes from now on, and how everything stands. */
  async function look() {
    told.clear()
    const source = encodeURIComponent('deviceState:')
    await commands.ask('control', 'POST', `applications/${settings.app}/subscription?eventSource=${source}`)
    const endpoints = (await commands.read<Endpoint[]>(`endpoints/${technology}`)) ?? []
    for (const { technology: kind, resource } of endpoints) {
      const name = `${kind}/${resource}`
      const device = await commands.read<DeviceState>(`deviceStates/${encodeURIComponent(name)}`)
      if (device && !told.has(name)) note({ name, state: device.state })
    }
  }

  return {
    hear(device) {
      told.add(device.name)
      note(device)
    },
    connected() {
      look().catch((thrown: unknown) =>
        log.warn({ reason: reasonOf(thrown) }, 'The exchange does not tell what phones do without us'),
      )
    },
  }
}

/** `PJSIP/101` is the phone `101` where extensions are dialled as `PJSIP/{extension}`. */
export function phoneOf(device: string, extension: string): string | undefined {
  const [before = '', after = ''] = extension.split('{extension}')
  const isPhone =
    device.startsWith(before) && device.endsWith(after) && device.length > before.length + after.length
  return isPhone ? device.slice(before.length, device.length - after.length) : undefined
}

/** `PJSIP/{number}@trunk` goes out at the endpoint `PJSIP/trunk`. */
function trunkOf(address: string): string | undefined {
  const [technology, rest = ''] = address.split('/')
  const at = rest.lastIndexOf('@')
  return at === -1 ? undefined : `${technology}/${rest.slice(at + 1)}`
}
