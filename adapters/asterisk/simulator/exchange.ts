import type { Logger } from 'pino'
import type { Clock } from '#core/clock.ts'
import { Application, type AriEvent, type Subjects } from './application.ts'
import { Bridge } from './bridge.ts'
import type { Chance } from './chance.ts'
import { Channel, type ChannelFacts } from './channel.ts'
import { openFaults } from './faults.ts'
import { Playback } from './playback.ts'
import { type LiveRecording, type RecordingEvent, Recordings, recordingJson } from './recordings.ts'
import { Refusal } from './refusal.ts'
import { freshId } from './sound.ts'

export interface ExchangeServices {
  clock: Clock
  chance: Chance
  log: Logger
}

const untilNextTurn = () => new Promise<void>((resolve) => setImmediate(resolve))

/** The exchange itself: what is alive in it, and what it tells the programs about it. */
export class Exchange {
  readonly clock: Clock
  readonly chance: Chance
  readonly log: Logger
  readonly faults = openFaults()
  readonly channels = new Map<string, Channel>()
  readonly bridges = new Map<string, Bridge>()
  readonly playbacks = new Map<string, Playback>()
  readonly applications = new Map<string, Application>()
  readonly deviceStates = new Map<string, string>()
  readonly variables = new Map<string, string>()
  readonly recordings: Recordings
  startedAt: string
  /** Leads a call on when no program has it; set by the dialplan. */
  onFallback: (channel: Channel, because: 'nobody' | 'guard' | 'continue') => void = (channel) =>
    void this.hangUp(channel, 16)
  #counter = 0

  constructor({ clock, chance, log }: ExchangeServices) {
    this.clock = clock
    this.chance = chance
    this.log = log
    this.recordings = new Recordings(clock)
    this.startedAt = this.timestamp()
  }

  timestamp(): string {
    return new Date(this.clock.now()).toISOString().replace('Z', '+0000')
  }

  emit(subjects: Subjects, event: AriEvent): void {
    if (this.faults.loses(event.type)) return
    const stamped = { ...event, timestamp: this.timestamp(), asterisk_id: '02:00:00:00:00:51' }
    for (const application of this.applications.values()) {
      if (application.hears(subjects)) application.deliver(stamped)
    }
  }

  // Applications

  register(name: string, { persistent = false } = {}): Application {
    const known = this.applications.get(name)
    if (known) return known
    const application = new Application(name, persistent)
    this.applications.set(name, application)
    return application
  }

  /** Its socket has gone: without channels it is forgotten, with channels it stays, deaf. */
  leave(application: Application): void {
    application.detach()
    if (application.persistent) return
    const isNeeded = [...this.channels.values()].some((channel) => channel.app === application.name)
    if (!isNeeded) this.applications.delete(application.name)
  }

  findApplication(name: string): Application {
    const application = this.applications.get(name)
    if (!application) throw new Refusal(404, 'Application not found')
    return application
  }

  // Channels

  addChannel(
    facts: Omit<ChannelFacts, 'createdAt' | 'name' | 'id'> & { id?: string; tech: string },
  ): Channel {
    const id = facts.id || `sim-${Math.floor(this.clock.now() / 1000)}.${++this.#counter}`
    if (this.channels.has(id)) throw new Refusal(409, 'Channel with given unique ID already exists')
    const name = `${facts.tech}-${(++this.#counter).toString(16).padStart(8, '0')}`
    const channel = new Channel({ ...facts, id, name, createdAt: this.timestamp() })
    this.channels.set(id, channel)
    return channel
  }

  findChannel(id: string): Channel {
    const channel = this.channels.get(id)
    if (!channel) throw new Refusal(404, 'Channel not found')
    return channel
  }

  /** A channel that a program may command. */
  findOurs(id: string): Channel {
    const channel = this.findChannel(id)
    if (channel.app === undefined) throw new Refusal(409, 'Channel not in Stasis application')
    return channel
  }

  enter(channel: Channel, app: string, args: readonly string[]): void {
    const application = this.applications.get(app)
    if (!application?.isActive) {
      this.onFallback(channel, 'nobody')
      return
    }
    channel.app = app
    channel.dialplan.app_name = 'Stasis'
    channel.dialplan.app_data = [app, ...args].join(',')
    this.emit(
      { channels: [channel] },
      { type: 'ChannelDialplan', dialplan_app: 'Stasis', channel: channel.toJson() },
    )
    this.emit({ channels: [channel] }, { type: 'StasisStart', args, channel: channel.toJson() })
  }

  /** Out of the program's hands; the channel lives on. */
  exit(channel: Channel): void {
    if (channel.app === undefined) return
    this.leaveBridge(channel)
    this.emit({ channels: [channel] }, { type: 'StasisEnd', channel: channel.toJson() })
    const application = this.applications.get(channel.app)
    channel.app = undefined
    if (application && !application.socket) this.leave(application)
  }

  setState(channel: Channel, state: Channel['state']): void {
    if (channel.state === state || channel.isGone) return
    channel.state = state
    this.emit({ channels: [channel] }, { type: 'ChannelStateChange', channel: channel.toJson() })
    if (state === 'Up') channel.party?.reach('answered')
  }

  setVariable(channel: Channel, name: string, value: string): void {
    channel.variables.set(name, value)
    if (name === 'TIMEOUT(absolute)') this.#setGuard(channel, Number(value))
    this.emit(
      { channels: [channel] },
      { type: 'ChannelVarset', variable: name, value, channel: channel.toJson() },
    )
  }

  press(channel: Channel, key: string): void {
    if (channel.isGone) return
    this.emit(
      { channels: [channel] },
      { type: 'ChannelDtmfReceived', digit: key, duration_ms: 100, channel: channel.toJson() },
    )
  }

  /** The person hung up. */
  async hangUp(channel: Channel, cause: number): Promise<void> {
    if (channel.isGone) return
    const isCancelled = isInbound(channel) && channel.state !== 'Up'
    const techCause = isCancelled ? 487 : 0
    const trueCause = isCancelled ? 127 : cause
    this.announceEnd(channel, { cause: trueCause, ...(techCause ? { tech_cause: techCause } : {}) })
    channel.onUnanswered?.()
    await this.end(channel, trueCause, { techCause })
  }

  /** A program hung up. Its cause reaches a caller who was not answered. */
  async drop(channel: Channel, cause: number): Promise<void> {
    if (channel.isGone) return
    this.announceEnd(channel, { soft: true, cause: 32 })
    channel.onUnanswered?.()
    const isUp = channel.state === 'Up'
    await this.end(channel, isUp ? 16 : cause, {
      techCause: isInbound(channel) && !isUp ? (sipCodes[cause] ?? 0) : 0,
    })
  }

  announceEnd(channel: Channel, why: { soft?: true; cause: number; tech_cause?: number }): void {
    this.emit({ channels: [channel] }, { type: 'ChannelHangupRequest', ...why, channel: channel.toJson() })
  }

  /** Ends a channel in the order Asterisk ends it. */
  async end(channel: Channel, cause: number, { techCause = 0 } = {}): Promise<void> {
    if (channel.isGone || !this.channels.has(channel.id)) return
    const tech = techCause ? { tech_cause: techCause } : {}
    await channel.end()
    for (const snoop of channel.snoops) await this.hangUp(snoop, 16)
    channel.snoopOf?.target.snoops.delete(channel)
    this.exit(channel)
    this.leaveBridge(channel)
    // The dialplan of a caller comes to its own end.
    if (isInbound(channel)) this.announceEnd(channel, { soft: true, cause: 16, ...tech })
    this.channels.delete(channel.id)
    this.emit(
      { channels: [channel] },
      {
        type: 'ChannelDestroyed',
        cause,
        cause_txt: causeTexts[cause] ?? 'Unknown',
        ...tech,
        channel: channel.toJson(),
      },
    )
    for (const application of this.applications.values())
      application.subscriptions.delete(`channel:${channel.id}`)
    if (channel.party) {
      channel.party.cause = cause
      channel.party.reach('ended')
    }
  }

  // Playing and recording

  play(target: Channel | Bridge, id: string, media: readonly string[], language: string): Playback {
    const isChannel = target instanceof Channel
    const subjects = isChannel ? { channels: [target] } : { bridges: [target] }
    const playback = new Playback(
      { id: id || freshId(), media, language, target: `${isChannel ? 'channel' : 'bridge'}:${target.id}` },
      {
        clock: this.clock,
        recordingSeconds: (name) => this.recordings.seconds(name),
        heard: (name) => {
          // What is played to somebody who talks is lost: the bridge has his ear.
          const listeners = !isChannel ? target.channels : isInTalk(target) ? [] : [target]
          for (const listener of listeners) listener.party?.heard.push(name)
        },
        emit: (type, one) => {
          if (type === 'PlaybackFinished') this.playbacks.delete(one.id)
          this.emit(subjects, { type, playback: one.toJson() })
        },
      },
    )
    this.playbacks.set(playback.id, playback)
    if (isChannel) {
      const run = async () => {
        target.playback = playback
        // Music gives way for good; whoever wants it back starts it again.
        target.music = undefined
        await playback.run(target.life)
        target.playback = undefined
      }
      target.queue(run, () => playback.fail())
    } else void playback.run(target.life)
    return playback
  }

  record(
    target: Channel | Bridge,
    order: { name: string; format: string; ifExists: string; longest: number },
  ): LiveRecording {
    const isChannel = target instanceof Channel
    const of = isChannel ? (target.snoopOf ? `${target.id}:${target.snoopOf.spy}` : target.id) : target.id
    const recording = this.recordings.open({ ...order, target: `${isChannel ? 'channel' : 'bridge'}:${of}` })
    const subjects = isChannel ? { channels: [target] } : { bridges: [target] }
    const emit = (type: RecordingEvent, one: LiveRecording) =>
      this.emit(subjects, { type, recording: recordingJson(one) })
    if (!isChannel) void this.recordings.run(recording, target.life, order.longest, emit)
    else if (target.bridge) this.recordings.fail(recording, 'Cannot record channel while in bridge', emit)
    else target.queue(() => this.recordings.run(recording, target.life, order.longest, emit))
    return recording
  }

  // Bridges

  addBridge(id: string, type: string, name: string): Bridge {
    if (id && this.bridges.has(id)) throw new Refusal(409, 'Bridge with id already exists')
    const bridge = new Bridge({
      id: id || freshId(),
      name,
      type: type || 'mixing',
      createdAt: this.timestamp(),
    })
    this.bridges.set(bridge.id, bridge)
    this.emit({ bridges: [bridge] }, { type: 'BridgeCreated', bridge: bridge.toJson() })
    return bridge
  }

  findBridge(id: string): Bridge {
    const bridge = this.bridges.get(id)
    if (!bridge) throw new Refusal(404, 'Bridge not found')
    return bridge
  }

  enterBridge(channel: Channel, bridge: Bridge): void {
    if (channel.isGone || channel.bridge === bridge) return
    if (!this.bridges.has(bridge.id)) return
    this.leaveBridge(channel)
    channel.bridge = bridge
    bridge.channels.add(channel)
    this.emit(
      { channels: [channel], bridges: [bridge] },
      { type: 'ChannelEnteredBridge', bridge: bridge.toJson(), channel: channel.toJson() },
    )
    for (const member of bridge.channels) if (member.party?.isTalking) member.party.reach('talking')
  }

  leaveBridge(channel: Channel): void {
    const { bridge } = channel
    if (!bridge) return
    bridge.channels.delete(channel)
    channel.bridge = undefined
    this.emit(
      { channels: [channel], bridges: [bridge] },
      { type: 'ChannelLeftBridge', bridge: bridge.toJson(), channel: channel.toJson() },
    )
  }

  removeBridge(bridge: Bridge): void {
    if (!this.bridges.has(bridge.id)) return
    const members = [...bridge.channels]
    bridge.end()
    this.bridges.delete(bridge.id)
    for (const member of members) this.leaveBridge(member)
    this.emit({ bridges: [bridge], channels: members }, { type: 'BridgeDestroyed', bridge: bridge.toJson() })
    for (const application of this.applications.values())
      application.subscriptions.delete(`bridge:${bridge.id}`)
  }

  /** A restart of the exchange: everything in it is gone at once, without a word. */
  async restart(): Promise<void> {
    for (const application of this.applications.values()) if (!application.persistent) application.detach()
    this.applications.clear()
    for (const channel of [...this.channels.values()]) await this.hangUp(channel, 27)
    for (const bridge of [...this.bridges.values()]) this.removeBridge(bridge)
    this.startedAt = this.timestamp()
    await untilNextTurn()
  }

  #setGuard(channel: Channel, seconds: number): void {
    channel.guard?.()
    channel.guard = undefined
    if (!(seconds > 0)) return
    channel.guard = this.clock.after(seconds * 1000, () => {
      channel.guard = undefined
      channel.playback?.stop()
      this.exit(channel)
      this.onFallback(channel, 'guard')
    })
  }
}

const isInbound = (channel: Channel) => channel.dialplan.context === 'from-trunk'
const isInTalk = ({ bridge }: Channel) => bridge !== undefined && !bridge.isHolding

const sipCodes: Record<number, number> = {
  1: 404,
  16: 603,
  17: 486,
  18: 408,
  19: 480,
  21: 403,
  26: 603,
  28: 484,
  31: 480,
  34: 503,
  38: 500,
  58: 488,
  127: 500,
}

const causeTexts: Record<number, string> = {
  0: 'Unknown',
  1: 'Unallocated (unassigned) number',
  16: 'Normal Clearing',
  17: 'User busy',
  18: 'No user responding',
  19: 'User alerting, no answer',
  21: 'Call Rejected',
  26: 'Answered elsewhere',
  27: 'Destination out of order',
  34: 'Circuit/channel congestion',
  38: 'Network out of order',
}
