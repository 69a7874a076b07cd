/** The telephony port on Asterisk: which event means what, and what each verb asks for. */
import type { Logger } from 'pino'
import type { Clock } from '#core/clock.ts'
import { reasonOf } from '#core/errors.ts'
import type { Telephony, TelephonyEvent } from '#core/ports/telephony.ts'
import type { LegId } from '#core/schema.ts'
import { unlessAborted } from '#core/unless-aborted.ts'
import { adopt } from './adoption.ts'
import type { Ari, AriState } from './ari/ari.ts'
import type { AriEvent, Bridge, Channel, StasisStart } from './ari/types.ts'
import { openCommands } from './commands.ts'
import { openDials } from './dials.ts'
import { openGuard } from './guard.ts'
import { type Leg, type Legs, newLeg, pathOf } from './legs.ts'
import { openListening, toEars } from './listening.ts'
import { openMusic } from './music.ts'
import { openPlaybacks } from './playbacks.ts'
import { openPresence } from './presence.ts'
import { openRecordings, toSnoops } from './recordings.ts'
import type { Settings } from './settings.ts'
import { addCall, toSurvey } from './survey.ts'
import { openTalks } from './talks.ts'
import { openTransfers } from './transfers.ts'
import {
  capabilitiesOf,
  isLink,
  toBecause,
  toFrom,
  toHangUpReason,
  toMoment,
  toPurpose,
  toUnanswered,
  type Unanswered,
} from './translate.ts'
import { readTrunks } from './trunks.ts'

/** Half of what Asterisk would send is of no use to us; this keeps it there. */
export const eventsWanted = [
  'StasisStart',
  'StasisEnd',
  'ChannelHangupRequest',
  'ChannelDestroyed',
  'ChannelDtmfReceived',
  'ChannelLeftBridge',
  'PlaybackFinished',
  'RecordingFinished',
  'RecordingFailed',
  'Dial',
  'BridgeBlindTransfer',
  'BridgeAttendedTransfer',
  'DeviceStateChanged',
] as const satisfies readonly AriEvent['type'][]

export interface TelephonyOptions {
  ari: Ari
  settings: Settings
  report(event: TelephonyEvent): void
  clock: Clock
  log: Logger
}

export interface OpenTelephony extends Telephony {
  close(): void
}

export function openTelephony({ ari, settings, report, clock, log }: TelephonyOptions): OpenTelephony {
  const legs: Legs = new Map()
  const commands = openCommands(ari)
  const guard = openGuard({ commands, legs, clock, log, seconds: settings.guardSeconds })
  const playbacks = openPlaybacks({ commands, guard, clock, settings })
  const dials = openDials({ commands, legs, clock, settings })
  const music = openMusic({ commands, legs, log })
  const talks = openTalks({ clock, commands, guard, legs, music, playbacks, settings })
  const recordings = openRecordings({
    ari,
    commands,
    settings,
    onFinished: (recording) => report({ name: 'recording.finished', recording }),
  })
  const listening = openListening({
    commands,
    settings,
    talks,
    isThere: (leg) => legs.has(leg),
    log,
  })
  const transfers = openTransfers({ commands, hangUp: hangUpOrphan, legs, log, report, settings })
  const presence = openPresence({ commands, report, settings, log })
  /** Until then legs of an earlier life are unknown; why those ended that did meanwhile. */
  let isSurveyed = false
  const earlyEnds = new Map<LegId, string>()
  /** Legs that ended while a survey was under way: its lists may still name them. */
  const endedMeanwhile = new Set<LegId>()
  let surveys = 0

  function hear(event: AriEvent) {
    switch (event.type) {
      case 'StasisStart':
        return onStart(event)
      case 'StasisEnd':
        return onEnd(event.channel.id, event.timestamp)
      case 'ChannelDestroyed':
        dials.destroyed(event.channel.id, event.cause, event.tech_cause)
        return onEnd(event.channel.id, event.timestamp, toUnanswered(event))
      case 'ChannelHangupRequest':
        return onHangUp(event.channel.id, event.soft ? undefined : event.cause)
      case 'ChannelDtmfReceived':
        if (legs.has(event.channel.id))
          report({ name: 'key.pressed', leg: event.channel.id, key: event.digit })
        return
      case 'ChannelLeftBridge':
        return onLeftTalk(event.channel.id, event.bridge.id)
      case 'PlaybackFinished':
        return playbacks.ended(event.playback.id, event.playback.state)
      case 'RecordingFinished':
      case 'RecordingFailed':
        return recordings.ended(event.recording.name)
      case 'BridgeBlindTransfer':
        return transfers.blind(event)
      case 'BridgeAttendedTransfer':
        return transfers.attended(event)
      case 'DeviceStateChanged':
        return presence.hear(event.device_state)
      case 'Dial':
        return dials.progressed(event.peer.id, event.dialstatus)
    }
  }

  function onStart({ channel, args, replace_channel: replaced }: StasisStart) {
    // Whose place it takes is told by the transfer, or found by a survey.
    if (isLink(channel)) return
    if (replaced && legs.has(replaced.id)) return hangUpOrphan(channel.id)
    const { kind, about, to } = toPurpose(channel.id, args)
    if (kind === 'snoop') return recordings.snoopStarted(channel.id)
    if (kind === 'ear') return listening.earStarted(channel.id)
    if (legs.has(channel.id)) return
    if (kind === 'out') {
      // One of an earlier life of ours is in the survey, and whoever asked for it decides.
      if (!dials.started(channel.id) && isSurveyed) hangUpOrphan(channel.id)
      return
    }

    const at = toMoment(channel.creationtime)
    const guardUntil = guard.firstEnd(at)
    const leg = newLeg({ id: channel.id, direction: 'in', lane: ari.chooseLane(), guardUntil })
    legs.set(channel.id, leg)
    guard.attend(leg)
    const from = toFrom(channel.caller.number)
    report({
      name: 'leg.offered',
      leg: channel.id,
      ...(from !== undefined && { from }),
      to: about ?? channel.dialplan.exten,
      at,
      ...(kind === 'phone' && to !== undefined && { extension: to }),
    })
  }

  /** A phone that answered for an earlier life of ours: nobody waits for it any more. */
  function hangUpOrphan(leg: LegId) {
    log.warn({ leg }, 'A leg nobody waits for was hung up')
    commands
      .ask('control', 'DELETE', pathOf(leg))
      .catch((thrown: unknown) =>
        log.warn(
          { leg, reason: reasonOf(thrown) },
          'A leg nobody waits for could not be hung up; the next connection looks at it again',
        ),
      )
  }

  function onHangUp(id: LegId, cause: number | undefined) {
    const leg = legs.get(id)
    if (leg) leg.because ??= toBecause(cause)
    else if (!isSurveyed) earlyEnds.set(id, toBecause(cause))
  }

  /** Its StasisEnd is a leg's end for us, whether it was hung up or left for the island. */
  function onEnd(id: LegId, timestamp: string, rung?: Unanswered) {
    if (surveys > 0) endedMeanwhile.add(id)
    const leg = legs.get(id)
    if (leg) return forget(leg, leg.because ?? rung?.because ?? 'hung up', toMoment(timestamp))
    recordings.snoopGone(id)
    listening.earGone(id)
    if (isSurveyed) return
    // Kept for us by Asterisk while we were dead: the journal knows the leg, we do not yet.
    report({
      name: 'leg.ended',
      leg: id,
      because: earlyEnds.get(id) ?? rung?.because ?? 'hung up',
      at: toMoment(timestamp),
      ...(rung && { outcome: rung.outcome }),
    })
  }

  function forget(leg: Leg, because: string, at: number) {
    leg.because ??= because
    legs.delete(leg.id)
    playbacks.legGone(leg)
    listening.stop(leg.id)
    talks.left(leg.id)
    report({ name: 'leg.ended', leg: leg.id, because, at })
  }

  function onLeftTalk(id: LegId, talk: string) {
    const leg = legs.get(id)
    if (!leg) return
    if (listening.isEarOf(talk, id)) listening.stop(id)
    if (leg.talk === talk) {
      leg.talk = undefined
      guard.restore(leg)
      talks.left(id)
    }
    report({ name: 'leg.left-talk', leg: id, talk })
  }

  function onState(state: AriState) {
    if (state.state === 'lost') log.warn({ because: state.because }, 'The connection to the exchange is lost')
    if (state.state !== 'connected') return report({ name: 'connection.changed', ...state })

    log.info({ version: state.version }, 'The exchange is connected')
    const known = [...legs.values()]
    if (state.restarted) {
      talks.forgetAll()
      for (const leg of known) forget(leg, 'the exchange was restarted', clock.now())
    }
    report({ name: 'connection.changed', state: 'connected' })
    presence.connected()
    if (known.length > 0 && !state.restarted)
      reconcile(known).catch((thrown: unknown) =>
        log.warn(
          { reason: reasonOf(thrown) },
          'Hang-ups while the exchange was away could not be looked up; taking over the calls finds them',
        ),
      )
    for (const leg of state.restarted ? [...dials.ringing] : []) dials.destroyed(leg, 0, undefined)
  }

  /** Hang-ups and ends that happened while nobody listened. */
  async function reconcile(known: readonly Leg[]) {
    // Who is dialled from now on is not in the answer yet.
    const ringing = [...dials.ringing]
    const channels = await readChannels()
    const alive = new Map(channels.map((channel) => [channel.id, channel]))
    for (const leg of known) {
      if (!alive.has(leg.id) && legs.has(leg.id)) forget(leg, 'unknown', clock.now())
    }
    for (const leg of ringing) {
      const channel = alive.get(leg)
      if (!channel) dials.destroyed(leg, 0, undefined)
      else if (channel.dialplan.app_name === 'Stasis') dials.started(leg)
    }
    await playbacks.checkAll()
  }

  const readChannels = async () => (await commands.read<Channel[]>('channels')) ?? []

  async function survey() {
    surveys += 1
    try {
      const [channels, bridges] = await Promise.all([readChannels(), commands.read<Bridge[]>('bridges')])
      const alive = channels.filter(({ id }) => !endedMeanwhile.has(id))
      const found = toSurvey(alive, bridges ?? [], settings)
      talks.know(found.talks)
      await adopt(found.legs, { ari, guard, legs, playbacks })
      await Promise.all(found.legs.map((leg) => addCall(leg, commands)))
      await recordings.sweep(toSnoops(channels))
      await listening.sweep(toEars(channels, settings.app))
      isSurveyed = true
      earlyEnds.clear()
      return { ...found, legs: found.legs.filter(({ leg }) => !endedMeanwhile.has(leg)) }
    } finally {
      surveys -= 1
      if (surveys === 0) endedMeanwhile.clear()
    }
  }

  ari.onState(onState)
  ari.onEvent(hear)
  const stopWatching = guard.watch()

  return {
    capabilities: capabilitiesOf(settings),

    survey: (signal) => unlessAborted(survey(), signal),

    async answer(id, signal) {
      signal.throwIfAborted()
      const leg = legs.get(id)
      if (!leg) return
      if (leg.playback) await unlessAborted(playbacks.stop(leg), signal)
      await unlessAborted(commands.ask(leg.lane, 'POST', `${pathOf(id)}/answer`), signal)
    },

    async play(id, media, signal) {
      signal.throwIfAborted()
      const leg = legs.get(id)
      if (!leg) return
      try {
        await playbacks.play(leg, media, signal)
      } finally {
        music.resume(leg)
      }
    },

    async startMusic(id, wanted) {
      const leg = legs.get(id)
      if (leg) await music.start(leg, wanted)
    },

    async stopMusic(id) {
      const leg = legs.get(id)
      if (leg?.music !== undefined) await music.stop(leg)
    },

    dial(order, signal) {
      const lane = legs.get(order.onBehalfOf ?? '')?.lane ?? ari.chooseLane()
      return dials.dial(order, lane, signal)
    },

    trunks: (signal) => unlessAborted(readTrunks({ commands, settings }), signal),

    async join(talk, ids, signal) {
      signal.throwIfAborted()
      const members = ids.flatMap((id) => legs.get(id) ?? [])
      if (members.length === ids.length) await unlessAborted(talks.join(talk, members), signal)
    },

    async hold(id, wanted, signal) {
      signal.throwIfAborted()
      const leg = legs.get(id)
      if (leg) await unlessAborted(talks.hold(leg, wanted), signal)
    },

    async snoop(id, other, way, signal) {
      signal.throwIfAborted()
      const leg = legs.get(id)
      if (leg && legs.has(other)) await unlessAborted(listening.listen(leg, other, way), signal)
    },

    part: talks.part,

    async record(recording, id, signal) {
      signal.throwIfAborted()
      const leg = legs.get(id)
      if (leg) await recordings.record(recording, leg, signal)
    },

    stopRecording: (recording) => recordings.stop(recording),
    takeRecording: (recording, file, signal) => recordings.take(recording, file, signal),

    async hangUp(id, reason) {
      const leg = legs.get(id)
      if (leg) leg.because ??= 'hung up by us'
      await commands.ask('control', 'DELETE', `${pathOf(id)}?reason=${toHangUpReason(reason)}`)
    },

    async release(id) {
      const leg = legs.get(id)
      if (!leg) return
      await playbacks.stop(leg)
      leg.because = 'released to the exchange'
      const { islandContext, islandExtension } = settings
      const query = `context=${encodeURIComponent(islandContext)}&extension=${encodeURIComponent(islandExtension)}&priority=1`
      await commands.ask(leg.lane, 'POST', `${pathOf(id)}/continue?${query}`)
    },

    close: stopWatching,
  }
}
