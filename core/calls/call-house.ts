import { randomUUIDv7 } from 'node:crypto'
import type { Logger } from 'pino'
import type { HouseBus } from '../call-bus/call-bus.ts'
import type { Clock } from '../clock.ts'
import type { Journal } from '../database/journal.ts'
import { CallbusError, CallEnded } from '../errors.ts'
import type { Phones } from '../phones.ts'
import type { Dispatch } from '../ports/dispatch.ts'
import type { ConnectionEvent, Telephony, TelephonyEvent } from '../ports/telephony.ts'
import type { CallId, LegId } from '../schema.ts'
import type { Voice } from '../voice/voice.ts'
import type { Line } from './call.ts'
import { toRow } from './call-row.ts'
import type { Calls } from './calls.ts'
import { openIdentification } from './identify.ts'
import { openListeners } from './listeners.ts'
import { LiveCall, type LiveCallOptions } from './live-call.ts'
import { openOutgoing } from './outgoing.ts'
import type { PlaceBook } from './places.ts'
import type { FrontDesk } from './reception.ts'
import { type KnownCall, recover } from './recovery.ts'
import { openRinger, tellMissed } from './ringer.ts'
import { openSilenceWatch } from './silence-watch.ts'
import { openSurvivors } from './survivors.ts'
import { type CallEvent, type Offered, openTakeOver } from './take-over.ts'
import { endTalk } from './talk-end.ts'
import { openTurnsToRing } from './turns-to-ring.ts'
import { openUsher } from './usher.ts'

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
  /** Calls of ours at once. */
  outgoingAtMost: number
  defaultMusic: string
}

const anyLine = '*'
/** How long the exchange may take for what nobody waits for, in milliseconds. */
const patience = 10_000

export function openCallHouse(options: CallHouseOptions): CallHouse {
  const { bus, clock, journal, log, phones, places, reception, telephony } = options
  const identify = openIdentification({
    dispatch: options.dispatch,
    clock,
    log,
    deadline: options.deadlines.dispatch,
  })
  const calls = new Map<CallId, LiveCall>()
  const byLeg = new Map<LegId, { call: LiveCall; partner?: AbortController }>()
  const recorded = openListeners<string>()
  const transferred = openListeners<{ call: CallId; from: string; to: string }>()
  const partnerPressed = openListeners<{ call: CallId; phone: string; key: string }>()
  const recovered = openListeners()
  /** New callers are no longer taken in: the exchange's own fallback has them. */
  const leaving = new AbortController()
  let emptied = Promise.withResolvers<void>()
  const takeOver = openTakeOver({ clock, log, recover: recoverNow, apply, done: recovered.tell })

  const tools = {
    bus,
    clock,
    telephony,
    voice: options.voice,
    site: options.site.name,
    defaultMusic: options.defaultMusic,
    leaving: leaving.signal,
    showNumber: (call: LiveCall, line = call.to) => phones.toE164(line),
    ringer: openRinger({
      bus,
      clock,
      telephony,
      follow,
      unfollow(leg, call) {
        call.partners.delete(leg)
        byLeg.delete(leg)
      },
      site: options.site.name,
      music: options.defaultMusic,
    }),
  }

  const usher = openUsher({
    bus,
    log,
    places,
    reception,
    telephony,
    tools,
    keep: (call) => journal.keepCall(toRow(call)),
    released: (call, because) => ended(call.leg, because, 'system'),
  })
  const { serve, receive, release } = usher
  const turns = openTurnsToRing({
    atMost: options.outgoingAtMost,
    log,
    calls: () => [...calls.values()].filter(({ errand }) => errand).length,
  })
  const outgoing = openOutgoing({
    bus,
    clock,
    journal,
    log,
    telephony,
    turns,
    numberOf: tools.showNumber,
    begin({ id, to, line, isUrgent: _, ...errand }) {
      const number = line ?? lineOf().number
      const leg = `cb-${options.site.name}-${id}`
      return welcome({ id, leg, from: to, to: number, at: clock.now(), errand })
    },
    answered: (call) => serve(call, () => receive(call)),
    ended: (call, outcome) => ended(call.leg, outcome),
    takenOver: recovered.next,
  })
  const silence = openSilenceWatch({
    clock,
    deadline: options.deadlines.silence,
    conversations: usher.conversations,
  })

  const survivors = openSurvivors({
    bus,
    clock,
    journal,
    places,
    tools,
    usher,
    find: (id) => calls.get(id),
    welcome,
    announce,
    follow,
    ringOn: outgoing.ringOn,
    heardOf: takeOver.endOf,
  })

  function lineOf(number = options.lines[0]?.number ?? anyLine): Line {
    const line =
      options.lines.find((each) => each.number === number) ??
      options.lines.find((each) => each.number === anyLine)
    if (!line) throw new CallbusError('NOT_FOUND', { what: `line ${number}` })
    return line
  }

  function follow(leg: LegId, call: LiveCall): AbortController {
    const partner = new AbortController()
    call.partners.set(leg, partner)
    byLeg.set(leg, { call, partner })
    return partner
  }

  /** A call begins: offered by the exchange, or found there after a restart. */
  function welcome(known: KnownCall & Pick<LiveCallOptions, 'again' | 'state' | 'extension'>): LiveCall {
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
    silence.keepLooking()
    return call
  }

  function offered({ leg, from, to, at, extension }: Offered) {
    if (byLeg.has(leg)) return
    if (leaving.signal.aborted) return void telephony.release(leg).catch(() => undefined)
    const call = welcome({ id: randomUUIDv7(), leg, from, to, at, extension })
    announce(call)
    serve(call, () => receive(call))
  }

  /** Its row comes first: whoever hears of the call may begin something that must outlive a kill with it. */
  function announce(call: LiveCall) {
    journal.keepCall(toRow(call))
    if (!call.errand) tellOffered(call)
  }

  function tellOffered(call: LiveCall) {
    bus.publish('call.offered', {
      call: call.id,
      leg: call.leg,
      to: call.to,
      line: call.line.name,
      ...(call.from === undefined ? {} : { from: call.from }),
      ...(call.again ? { again: true } : {}),
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
    for (const rung of call.rung.keys()) tellMissed(call, rung, bus, 'cancelled')
    endTalk(call, bus, clock, 'the caller left')
    call.end(new CallEnded(because))
    for (const partner of call.partners.keys())
      void telephony.hangUp(partner, 'normal').catch(() => undefined)
    call.move({ name: 'call.ended', result: outcome })
    bus.publish('call.ended', { call: call.id, result: outcome, because })
    journal.keepCall({ ...toRow(call), ended_at: clock.now(), result: outcome, because })
    turns.serve()
    if (calls.size > 0) return
    silence.stop()
    emptied.resolve()
  }

  function handle(event: TelephonyEvent) {
    if (event.name === 'connection.changed') return connection(event)
    takeOver.hear(event)
  }

  function apply(event: CallEvent) {
    switch (event.name) {
      case 'leg.offered':
        return offered(event)
      case 'leg.ended':
        return ended(event.leg, event.because)
      case 'key.pressed':
        return pressed(event.leg, event.key)
      case 'transfer.asked':
        return transferAsked(event.leg, event.to)
      case 'leg.replaced':
        return replaced(event)
      case 'recording.finished':
        return recorded.tell(event.recording)
      case 'leg.left-talk':
        return
    }
  }

  function pressed(leg: LegId, key: string) {
    const { call } = byLeg.get(leg) ?? {}
    if (call?.leg === leg) call.pressed(key)
    else if (call?.talk && call.partner?.leg === leg)
      partnerPressed.tell({ call: call.id, phone: call.partner.address, key })
  }

  function replaced({ leg, by, to }: Extract<CallEvent, { name: 'leg.replaced' }>) {
    const { call } = byLeg.get(leg) ?? {}
    if (call?.talk && call.partner?.leg === leg)
      return call.talk.replaced({ leg: by, address: to, signal: follow(by, call).signal })
    void telephony.hangUp(by, 'normal').catch(() => undefined)
  }

  function transferAsked(leg: LegId, to: string) {
    const { call } = byLeg.get(leg) ?? {}
    if (!call?.talk || call.partner?.leg !== leg) return
    transferred.tell({ call: call.id, from: call.partner.address, to })
    if (!transferred.isEmpty) return
    call.talk.sendTo(call.line.fallback, 'his phone transferred the call').catch(() => undefined)
  }

  function connection({ state, because }: ConnectionEvent) {
    bus.publish('connection.changed', {
      neighbour: 'exchange',
      state,
      ...(because === undefined ? {} : { because }),
    })
    if (state === 'connected') takeOver.connected()
    else takeOver.lost()
  }

  /** The calls that outlived us, or the connection, are matched with what we know. */
  function recoverNow(): Promise<void> {
    return recover({
      journal,
      log,
      telephony,
      signal: AbortSignal.timeout(patience),
      site: options.site.name,
      now: clock.now(),
      calls,
      isServed: usher.isServed,
      isOurs: (leg) => byLeg.has(leg),
      heardOf: takeOver.endOf,
      vanished: (leg) => ended(leg, 'the exchange no longer has it'),
      offered,
      ...survivors,
    })
  }

  for (const name of [
    'call.answered',
    'call.waiting',
    'call.served',
    'call.talking',
    'call.talk-ended',
    'call.held',
    'call.unheld',
    'call.chosen',
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
    talkOf: (id) => calls.get(id)?.talk,
    lines: () => options.lines,
    lineOf,
    handle,

    ring: outgoing.ring,
    turnToRing: (signal, isUrgent = false) => turns.take(signal, isUrgent),
    outcomeOf: outgoing.outcomeOf,

    tellsToAnswer: (phone) => telephony.capabilities.tellsToAnswer(phone),
    answerAt(id, phone, by) {
      const call = calls.get(id)
      return call !== undefined && tools.ringer.answer(call, phone, by)
    },

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
    onRecordingFinished: recorded.add,
    onTransferAsked: transferred.add,
    onPartnerPressed: partnerPressed.add,
    onRecovered: recovered.add,

    async drained(signal) {
      if (calls.size === 0 || signal.aborted) return
      emptied = Promise.withResolvers()
      signal.addEventListener('abort', () => emptied.resolve(), { once: true })
      await emptied.promise
    },

    async leave() {
      leaving.abort(new Error('Callbus closes'))
      takeOver.lost()
      await outgoing.stop()
      const waiting = [...calls.values()].filter((call) => call.state.is !== 'talking')
      await Promise.allSettled(waiting.map((call) => release(call, 'Callbus closes')))
      silence.stop()
    },
  }
}
