import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import type { HouseBus } from '../call-bus/call-bus.ts'
import type { Clock } from '../clock.ts'
import type { Journal } from '../database/journal.ts'
import type { CallRow } from '../database/tables.ts'
import { CallbusError, CallEnded, reasonOf } from '../errors.ts'
import type { Phones } from '../phones.ts'
import type { Dispatch } from '../ports/dispatch.ts'
import type { HangUpReason, Telephony, TelephonyEvent } from '../ports/telephony.ts'
import type { CallId, LegId, Moment } from '../schema.ts'
import type { Voice } from '../voice/voice.ts'
import type { Call, Line } from './call.ts'
import { toRow } from './call-row.ts'
import {
  type Conversation,
  type ConversationTools,
  endTalk,
  openConversation,
  talkUntilOneLeaves,
} from './conversation.ts'
import { openIdentification } from './identify.ts'
import { LiveCall, type LiveCallOptions } from './live-call.ts'
import type { PlaceBook, PlaceFlow } from './places.ts'
import type { FrontDesk } from './reception.ts'
import { type KnownCall, type KnownTalk, recover } from './recovery.ts'

/** The calls of this moment. */
export interface Calls {
  live(): readonly Call[]
  find(id: CallId): Call | undefined
  /** False when there is no such call. */
  hangUp(id: CallId): Promise<boolean>
  /** Records what the caller says and what he hears, apart, from now on. */
  startRecording(id: CallId, recording: string): Promise<void>
  stopRecording(recording: string): Promise<void>
  /** Brings a finished recording into a stereo WAV file of ours and removes it at the exchange. */
  takeRecording(recording: string, file: string): Promise<{ seconds: number }>
  onRecordingFinished(listener: (recording: string) => void): () => void
  /** Called whenever the exchange is connected and the calls that outlived us were taken over. */
  onRecovered(listener: () => void): () => void
}

export interface CallHouse extends Calls {
  handle(event: TelephonyEvent): void
  /** Settles when no call is left or the signal aborts. */
  drained(signal: AbortSignal): Promise<void>
  /** Hands each call that no person serves to the exchange's fallback; talks go on without us. */
  leave(): Promise<void>
}

export interface CallHouseOptions {
  bus: HouseBus
  clock: Clock
  dispatch: Dispatch | undefined
  journal: Journal
  lines: readonly Line[]
  log: Logger
  phones: Phones
  places: PlaceBook
  reception: FrontDesk
  site: { name: string }
  telephony: Telephony
  voice: Voice
  /** Milliseconds. */
  deadlines: { dispatch: number; silence: number }
  defaultMusic: string
}

const anyLine = '*'
/** How often the house looks whether a flow has fallen silent, in milliseconds. */
const lookAround = 500
/** Before calls that could not be taken over are looked at again, in milliseconds; doubled each time. */
const tryAgainAfter = 250
/** How long the exchange may take for what nobody waits for, in milliseconds. */
const patience = 10_000

export function openCalls(options: CallHouseOptions): CallHouse {
  const { bus, clock, journal, log, phones, places, reception, telephony } = options
  const identify = openIdentification({
    dispatch: options.dispatch,
    clock,
    log,
    deadline: options.deadlines.dispatch,
  })
  const calls = new Map<CallId, LiveCall>()
  const byLeg = new Map<LegId, { call: LiveCall; partner?: AbortController }>()
  const conversations = new Map<CallId, Conversation>()
  const serving = new Map<CallId, Promise<void>>()
  const recordingListeners = new Set<(recording: string) => void>()
  const recoveryListeners = new Set<() => void>()
  /** Events that came while the calls that outlived us were being taken over. */
  let held: TelephonyEvent[] | undefined
  let takingOver = Promise.resolve()
  let isConnected = false
  let stopTrying: (() => void) | undefined
  let emptied = Promise.withResolvers<void>()
  let stopLooking: (() => void) | undefined

  const tools: ConversationTools = {
    bus,
    clock,
    telephony,
    voice: options.voice,
    site: options.site.name,
    defaultMusic: options.defaultMusic,
    showNumber: (call) => phones.toE164(call.to),
    goTo,
    release,
    follow(leg, call) {
      const partner = new AbortController()
      call.partners.set(leg, partner)
      byLeg.set(leg, { call, partner })
      return partner
    },
    unfollow(leg, call) {
      call.partners.delete(leg)
      byLeg.delete(leg)
    },
  }

  function lineOf(number: string): Line {
    const line =
      options.lines.find((each) => each.number === number) ??
      options.lines.find((each) => each.number === anyLine)
    if (!line) throw new CallbusError('NOT_FOUND', { what: `line ${number}` })
    return line
  }

  /** A call begins: offered by the exchange, or found there after a restart. */
  function welcome(known: KnownCall & Pick<LiveCallOptions, 'again' | 'state'>): LiveCall {
    const from = known.from === undefined ? undefined : phones.toE164(known.from)
    const call = new LiveCall({ ...known, from, line: lineOf(known.to), identity: identify(from) })
    calls.set(call.id, call)
    byLeg.set(call.leg, { call })
    void call.identity.then((identity) => {
      if (call.signal.aborted) return
      bus.publish('call.identified', {
        call: call.id,
        lookedUp: identity.lookedUp,
        kind: identity.lookedUp ? identity.card.kind : 'unknown',
        ...(identity.lookedUp ? {} : { because: identity.because }),
        ...(identity.lookedUp && identity.card.order ? { order: identity.card.order.id } : {}),
      })
    })
    keepLooking()
    return call
  }

  function offered(leg: LegId, from: string | undefined, to: string, at: number) {
    if (byLeg.has(leg)) return
    const call = welcome({ id: randomUUID(), leg, from, to, at })
    announce(call)
    serve(call, () => receive(call))
  }

  function announce(call: LiveCall) {
    bus.publish('call.offered', {
      call: call.id,
      leg: call.leg,
      to: call.to,
      line: call.line.name,
      ...(call.from === undefined ? {} : { from: call.from }),
      ...(call.again ? { again: true } : {}),
    })
    journal.keepCall(toRow(call))
  }

  /** Runs what is done for a call, and ends in a person or an honest way out whatever breaks. */
  function serve(call: LiveCall, work: () => Promise<void>) {
    const served = work()
      .catch((thrown: unknown) => stranded(call, thrown))
      .finally(() => serving.delete(call.id))
    serving.set(call.id, served)
  }

  async function receive(call: LiveCall) {
    const { by, decision } = await reception.decide(call, (priority) => {
      call.priority = Math.max(call.priority, priority)
    })
    if (call.signal.aborted) return

    if ('sendTo' in decision) return await goTo(call, decision.sendTo, decision.because)
    if ('talk' in decision) return await converse(call, by, decision.talk)
    call.result = 'refused'
    const words = decision.refuse
    if (!words) return await bye(call, 'rejected')
    await converse(call, by, async (caller) => {
      await caller.say(words)
    })
  }

  /** A flow has the caller until it returns; a broken or silent one loses him to the line's fallback. */
  async function converse(call: LiveCall, by: string, flow: (caller: Conversation) => Promise<void>) {
    const conversation = openConversation(call, tools)
    const outer = conversations.get(call.id)
    conversations.set(call.id, conversation)
    try {
      call.move({ name: 'call.conversing', by })
      bus.publish('call.conversing', { call: call.id, by })
      journal.keepCall(toRow(call))
      await endsWith(conversation.signal, flow(conversation))
      await bye(call)
    } catch (thrown) {
      if (call.signal.aborted) return
      if (call.result === 'refused') return await bye(call, 'rejected')
      fail(call, by, thrown)
      conversation.revoke(new CallEnded('the conversation broke'))
      await goTo(call, call.line.fallback, 'the conversation broke', by)
    } finally {
      if (outer && calls.has(call.id)) conversations.set(call.id, outer)
      else conversations.delete(call.id)
    }
  }

  async function bye(call: LiveCall, reason: HangUpReason = 'normal') {
    if (call.signal.aborted || call.isLeaving) return
    call.isLeaving = true
    await telephony.hangUp(call.leg, reason)
  }

  function fail(call: LiveCall, by: string, thrown: unknown) {
    const broken =
      thrown instanceof CallbusError
        ? thrown
        : new CallbusError('CONVERSATION_FAILED', { plugin: by, reason: reasonOf(thrown) }, { cause: thrown })
    log.error({ call: call.id, plugin: by, code: broken.code, err: thrown }, 'A conversation broke')
    bus.publish('call.failed', {
      call: call.id,
      by,
      code: broken.code,
      because: broken.message.slice(0, 500),
    })
  }

  async function goTo(
    call: LiveCall,
    name: string,
    because: string | undefined,
    brokenOwner?: string,
  ): Promise<void> {
    const place = places.find(name)
    if (place && place.owner !== brokenOwner) return await visit(call, place.owner, place.flow, because)

    if (!place) fail(call, 'core', new CallbusError('PLACE_UNKNOWN', { place: name }))
    const { fallback } = call.line
    if (name !== fallback) return await goTo(call, fallback, `there is no place ${name}`, brokenOwner)
    await release(call, 'no place is left to send the caller to')
  }

  async function visit(
    call: LiveCall,
    owner: string,
    flow: PlaceFlow,
    because: string | undefined,
    since?: number,
  ) {
    await converse(call, owner, (caller) =>
      flow(caller, {
        ...(because === undefined ? {} : { because }),
        ...(since === undefined ? {} : { since }),
      }),
    )
  }

  async function release(call: LiveCall, because: string) {
    await telephony.release(call.leg)
    ended(call.leg, because, 'system')
  }

  /** Nothing worked: the exchange's own fallback is the last honest way out; unreachable, its guard does it. */
  async function stranded(call: LiveCall, thrown: unknown) {
    if (call.signal.aborted) return
    fail(call, 'core', thrown)
    await release(call, reasonOf(thrown)).catch((again: unknown) => {
      log.error({ call: call.id, reason: reasonOf(again) }, 'A call waits for the exchange to come back')
    })
  }

  function ended(leg: LegId, because: string, result?: 'system') {
    const entry = byLeg.get(leg)
    if (!entry) return
    byLeg.delete(leg)
    if (entry.partner) {
      entry.call.partners.delete(leg)
      return entry.partner.abort(new CallEnded(because))
    }
    const { call } = entry
    calls.delete(call.id)
    const outcome = result ?? (call.talkingAt === undefined ? call.result : 'answered')
    endTalk(call, bus, 'the caller left')
    call.end(new CallEnded(because))
    for (const partner of call.partners.keys())
      void telephony.hangUp(partner, 'normal').catch(() => undefined)
    call.move({ name: 'call.ended', result: outcome })
    bus.publish('call.ended', { call: call.id, result: outcome, because })
    journal.keepCall({ ...toRow(call), ended_at: clock.now(), result: outcome, because })
    if (calls.size > 0) return
    stopLooking?.()
    stopLooking = undefined
    emptied.resolve()
  }

  /** Looks now and then whether a flow has left its caller in silence. */
  function keepLooking() {
    stopLooking ??= clock.after(lookAround, () => {
      stopLooking = undefined
      const limit = clock.now() - options.deadlines.silence
      for (const [id, conversation] of conversations) {
        const since = conversation.silentSince()
        if (since === undefined || since > limit || conversation.signal.aborted) continue
        const by = calls.get(id)?.state
        const plugin = by?.is === 'conversing' ? by.with : 'core'
        conversation.revoke(
          new CallbusError('CONVERSATION_FAILED', { plugin, reason: 'it left the caller in silence' }),
        )
      }
      if (calls.size > 0) keepLooking()
    })
  }

  function handle(event: TelephonyEvent) {
    if (event.name === 'connection.changed') return connection(event)
    if (held) return void held.push(event)
    apply(event)
  }

  function apply(event: Exclude<TelephonyEvent, { name: 'connection.changed' }>) {
    switch (event.name) {
      case 'leg.offered':
        return offered(event.leg, event.from, event.to, event.at)
      case 'leg.ended':
        return ended(event.leg, event.because)
      case 'key.pressed':
        return byLeg.get(event.leg)?.call.leg === event.leg
          ? byLeg.get(event.leg)?.call.pressed(event.key)
          : undefined
      case 'recording.finished':
        for (const listener of recordingListeners) listener(event.recording)
        return
      case 'leg.left-talk':
        return
    }
  }

  function connection({ state, because }: Extract<TelephonyEvent, { name: 'connection.changed' }>) {
    bus.publish('connection.changed', {
      neighbour: 'exchange',
      state,
      ...(because === undefined ? {} : { because }),
    })
    isConnected = state === 'connected'
    stopTrying?.()
    if (!isConnected) return
    held ??= []
    takingOver = takingOver.then(() => takeOver())
  }

  /** After each connection: the calls that outlived us, or the connection, are matched with what we know. */
  async function takeOver(attempt = 0) {
    held ??= []
    let isDone = true
    try {
      await recover({
        journal,
        log,
        telephony,
        signal: AbortSignal.timeout(patience),
        site: options.site.name,
        now: clock.now(),
        calls,
        isServed: (call) => serving.has(call.id),
        isOurs: (leg) => byLeg.has(leg),
        vanished: (leg) => ended(leg, 'the exchange no longer has it'),
        serveAgain,
        resumeTalk,
        endTalk: endedTalk,
        offered,
        lost,
      })
    } catch (thrown) {
      isDone = false
      log.error({ reason: reasonOf(thrown), err: thrown }, 'Calls could not be taken over; it is tried again')
      tryLater(attempt + 1)
    }
    const waiting = held ?? []
    held = undefined
    for (const event of waiting) handle(event)
    if (isDone) for (const listener of recoveryListeners) listener()
  }

  function tryLater(attempt: number) {
    if (!isConnected) return
    stopTrying = clock.after(Math.min(patience, tryAgainAfter * 2 ** attempt), () => {
      takingOver = takingOver.then(() => (isConnected ? takeOver(attempt) : undefined))
    })
  }

  function serveAgain(known: KnownCall, waiting?: { place: string; since: Moment }) {
    const state = waiting && ({ is: 'waiting', ...waiting } as const)
    const call = calls.get(known.id) ?? welcome({ ...known, again: true, ...(state && { state }) })
    announce(call)
    const place = waiting && (places.find(waiting.place) ?? places.find(call.line.fallback))
    if (!waiting || !place) return serve(call, () => receive(call))
    call.waited = waiting
    serve(call, () => visit(call, place.owner, place.flow, 'taken over after a restart', waiting.since))
  }

  function resumeTalk(known: KnownCall, { talk, partner, since, isTold }: KnownTalk) {
    const call = welcome({ ...known, again: true })
    announce(call)
    const { signal } = tools.follow(partner.leg, call)
    serve(call, async () => {
      await talkUntilOneLeaves(call, { ...partner, signal }, tools, { talk, since, again: isTold })
      await bye(call)
    })
  }

  function endedTalk(known: KnownCall, talk?: { talk: string; since: Moment; with: string }) {
    const state = talk && ({ is: 'talking', ...talk } as const)
    const talkingAt = known.talkingAt ?? talk?.since
    const call = welcome({ ...known, talkingAt, again: true, ...(state && { state }) })
    announce(call)
    endTalk(call, bus, 'the partner left while Callbus was away')
    serve(call, () => bye(call))
  }

  function lost(row: CallRow) {
    const end = held?.find((event) => event.name === 'leg.ended' && event.leg === row.leg)
    const heard = end?.name === 'leg.ended' ? end : undefined
    const because = heard ? `${heard.because}, while Callbus was away` : 'it ended while Callbus was away'
    const result = row.talking_at === null ? (row.result ?? 'lost') : 'answered'
    if (row.state === 'talking' && row.talk !== null)
      bus.publish('call.talk-ended', { call: row.id, talk: row.talk, with: row.phase_with ?? '', because })
    bus.publish('call.ended', { call: row.id, result, because })
    journal.keepCall({ ...row, state: 'ended', ended_at: heard?.at ?? clock.now(), result, because })
  }

  for (const name of [
    'call.answered',
    'call.waiting',
    'call.served',
    'call.talking',
    'call.talk-ended',
  ] as const) {
    bus.on(name, ({ call: id }) => {
      const call = calls.get(id)
      if (call) journal.keepCall(toRow(call))
    })
  }

  const bounded = () => AbortSignal.timeout(patience)
  return {
    live: () => [...calls.values()],
    find: (id) => calls.get(id),
    handle,

    async hangUp(id) {
      const call = calls.get(id)
      if (call) await telephony.hangUp(call.leg, 'normal')
      return call !== undefined
    },

    async startRecording(id, recording) {
      const call = calls.get(id)
      if (!call) throw new CallbusError('NOT_FOUND', { what: `live call ${id}` })
      await telephony.record(recording, call.leg, call.signal)
    },
    stopRecording: (recording) => telephony.stopRecording(recording),
    takeRecording: (recording, file) => telephony.takeRecording(recording, file, bounded()),
    onRecordingFinished(listener) {
      recordingListeners.add(listener)
      return () => void recordingListeners.delete(listener)
    },
    onRecovered(listener) {
      recoveryListeners.add(listener)
      return () => void recoveryListeners.delete(listener)
    },

    async drained(signal) {
      if (calls.size === 0 || signal.aborted) return
      emptied = Promise.withResolvers()
      signal.addEventListener('abort', () => emptied.resolve(), { once: true })
      await emptied.promise
    },

    async leave() {
      stopLooking?.()
      stopTrying?.()
      const waiting = [...calls.values()].filter((call) => call.state.is !== 'talking')
      await Promise.allSettled(waiting.map((call) => release(call, 'Callbus closes')))
    },
  }
}

/** The flow's end, or the end of its hold on the caller, whichever is first; a flow that never settles harms nobody. */
async function endsWith(signal: AbortSignal, flow: Promise<void>): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>()
  const gone = () => reject(signal.reason)
  signal.addEventListener('abort', gone, { once: true })
  if (signal.aborted) gone()
  try {
    await Promise.race([flow, promise])
  } finally {
    signal.removeEventListener('abort', gone)
  }
}
