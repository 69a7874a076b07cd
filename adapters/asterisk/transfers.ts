/** What phones do with their transfer key: Asterisk puts a channel of its own in the place of the leg. */
import type { Logger } from 'pino'
import { reasonOf } from '#core/errors.ts'
import type { TelephonyEvent } from '#core/ports/telephony.ts'
import type { LegId } from '#core/schema.ts'
import type { BridgeAttendedTransfer, BridgeBlindTransfer, Channel } from './ari/types.ts'
import type { Commands } from './commands.ts'
import { callVariable } from './dials.ts'
import { type Legs, newLeg, pathOf } from './legs.ts'
import type { Settings } from './settings.ts'
import { toArgs, toPurpose } from './translate.ts'

export interface Transfers {
  /** To a number: that is ours to carry out, and the channel of Asterisk's own would dial on by itself. */
  blind(transfer: BridgeBlindTransfer): void
  /** Two calls of one phone were joined by it; a link leads from the place of the leg to the other call. */
  attended(transfer: BridgeAttendedTransfer): void
}

export function openTransfers({
  commands,
  hangUp,
  legs,
  log,
  report,
  settings,
}: {
  commands: Commands
  /** Of a channel that shall not be there. */
  hangUp(channel: string): void
  legs: Legs
  log: Logger
  report(event: TelephonyEvent): void
  settings: Pick<Settings, 'app'>
}): Transfers {
  /** The link is a leg of ours from now on, in the talk where the leg was. */
  function replace(first: Channel, link: Channel, talk: string | undefined, to: string) {
    const leg = legs.get(first.id)
    if (!leg) return
    const { about: call } = toPurpose(first.id, toArgs(first.dialplan, settings.app) ?? [])
    legs.set(link.id, newLeg({ id: link.id, direction: 'out', lane: leg.lane, talk }))
    report({ name: 'leg.replaced', leg: first.id, by: link.id, to })
    if (call !== undefined) tellLaterLife(link.id, leg.lane, `${call},${to}`)
  }

  function tellLaterLife(link: LegId, lane: number, value: string) {
    const variable = `variable=${callVariable}&value=${encodeURIComponent(value)}`
    commands
      .ask(lane, 'POST', `${pathOf(link)}/variable?${variable}`)
      .catch((thrown: unknown) =>
        log.warn({ leg: link, reason: reasonOf(thrown) }, 'A restart would not know what this leg is for'),
      )
  }

  return {
    blind({ channel, exten, replace_channel: replacement, result }) {
      if (!legs.has(channel.id) || result !== 'Success') return
      report({ name: 'transfer.asked', leg: channel.id, to: exten })
      if (replacement) hangUp(replacement.id)
    },

    attended(transfer) {
      if (transfer.result !== 'Success') return
      const { transferer_first_leg: first, transferer_second_leg: second, replace_channel } = transfer
      const { destination_link_first_leg: firstLink, destination_link_second_leg: secondLink } = transfer
      // Nobody has answered in the second call yet: for us he is given to a number.
      if (replace_channel) {
        if (legs.has(first.id)) hangUp(replace_channel.id)
        if (legs.has(first.id)) report({ name: 'transfer.asked', leg: first.id, to: second.dialplan.exten })
        return
      }
      const { transfer_target: target, transferee } = transfer
      if (firstLink)
        replace(first, firstLink, transfer.transferer_first_leg_bridge?.id, toWhom(target, second))
      if (secondLink)
        replace(second, secondLink, transfer.transferer_second_leg_bridge?.id, toWhom(transferee, first))
    },
  }
}

function toWhom(other: Channel | undefined, own: Channel): string {
  return other?.caller.number || own.connected.number || own.dialplan.exten
}
