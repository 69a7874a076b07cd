/** A talk while it lasts: who is in it and how. */
import { addAbortListener } from 'node:events'
import type { FactData } from '../call-bus/events.ts'
import { CallbusError } from '../errors.ts'
import type { LegId } from '../schema.ts'
import { openAttendants } from './attendants.ts'
import type { Partner } from './caller.ts'
import type { LiveCall } from './live-call.ts'
import type { Attendance, AttendWay, HostedTalk, OtherPhone, TalkView } from './talk.ts'
import { becauseOf, endTalk, type TalkEnding, tellHeld, tellUnheld } from './talk-end.ts'
import type { TalkOrder, TalkTools } from './talk-order.ts'
import { isHeld, nextTalk, type TalkMove, type TalkState } from './talk-state.ts'

/** Until the last partner leaves; the legs and the talk end with it, however it ends. Told at once. */
export async function talkUntilOneLeaves(
  call: LiveCall,
  first: Partner,
  tools: TalkTools,
  { talk, since, again, atMost, found }: TalkOrder,
): Promise<'left' | 'too-long'> {
  const { bus, clock, telephony } = tools
  const aside = `${talk}-aside`
  const over = Promise.withResolvers<TalkEnding>()
  const ending = new AbortController()
  let isOver = false
  let state: TalkState = found?.state ?? 'together'
  let partner = first
  let other = found?.other
  let ringing: { phone: string; stop: AbortController } | undefined
  let ifLeft = call.line.fallback
  const attendants = openAttendants({ call, talk, bus })
  let work: Promise<unknown> = Promise.resolve()

  /** One thing after another: many hands are on a talk. */
  function inTurn<Value>(what: () => Promise<Value>): Promise<Value> {
    const mine = work.then(what)
    work = mine.catch(() => undefined)
    return mine
  }

  function refuse(because: string): CallbusError {
    return new CallbusError('TALK_REFUSED', { call: call.id, because })
  }

  function next(move: TalkMove): TalkState {
    const to = isOver ? undefined : nextTalk(state, move)
    if (!to) throw refuse(isOver ? 'the talk is over' : `${move} while it is ${state}`)
    return to
  }

  /** Puts everybody where they belong now; what fails leaves them as they were. */
  async function change(to: TalkState, by: string) {
    const before = state
    state = to
    try {
      await arrange(before)
    } catch (thrown) {
      state = before
      if (isOver) return
      await arrange(to).catch(() => finish({ is: 'sent', place: ifLeft, because: 'the talk broke' }))
      throw thrown
    }
    if (isOver) return
    tellHold(by)
  }

  async function arrange(before: TalkState) {
    const { signal } = ending
    const hold = (leg: LegId) => telephony.hold(leg, tools.defaultMusic, signal)
    if (isHeld(state) && !isHeld(before)) await hold(call.leg)
    if (state === 'asking') await hold(partner.leg)
    if (state === 'consulting' && other) await telephony.join(aside, [partner.leg, other.leg], signal)
    if (state === 'swapped' && other) await hold(other.leg)
    if (!isHeld(state)) await telephony.join(talk, [call.leg, partner.leg], signal)
  }

  /** A hold that was found after a restart is told again. */
  function tellHold(by: string, isFound = false) {
    if (!isHeld(state)) tellUnheld(call, bus, clock)
    else if (isFound || call.heldSince === undefined)
      tellHeld(call, bus, clock, { talk, with: partner.address, by })
  }

  function tellTalking(isAgain = false) {
    call.partner = { leg: partner.leg, address: partner.address }
    call.move({ name: 'call.talking', talk, with: partner.address, at: isAgain ? since : clock.now() })
    bus.publish('call.talking', {
      call: call.id,
      talk,
      leg: partner.leg,
      with: partner.address,
      ...(isAgain && again && { again }),
    })
  }

  function watch(who: Partner) {
    const gone = () => void inTurn(() => left(who)).catch(() => undefined)
    if (who.signal.aborted) return gone()
    who.signal.addEventListener('abort', gone, { once: true, signal: ending.signal })
  }

  /** Somebody hung up. */
  async function left(who: Partner) {
    if (isOver) return
    if (who === other) {
      other = undefined
      attendants.tellLeft(who, 'consulted')
      return await change(next('without-other'), who.address)
    }
    if (attendants.leave(who)) return
    if (who === partner) await partnerLeft()
  }

  async function partnerLeft() {
    const heir = other ?? attendants.heir()
    if (heir) return await succeed(heir, 'left', partner.address, 'the partner left')
    if (state === 'together') return finish({ is: 'left' })
    finish({ is: 'sent', place: ifLeft, because: 'the partner left while the client was on hold' })
  }

  /** Somebody else is the partner from now on, and the one of before is free. */
  async function succeed(
    heir: Partner,
    how: FactData<'call.transferred'>['how'],
    by: string,
    because: string,
  ) {
    const before = partner
    attendants.forget(heir)
    if (other === heir) other = undefined
    partner = heir
    state = 'together'
    // Never three in one place: see the port on who barges in.
    const putting = telephony
      .hold(before.leg, tools.defaultMusic, ending.signal)
      .then(() => telephony.join(talk, [call.leg, heir.leg], ending.signal))
    await putting.catch((thrown: unknown) => {
      if (!isOver) finish({ is: 'sent', place: ifLeft, because: 'the talk broke' })
      throw thrown
    })
    if (isOver) return
    await letGo(before)
    await succeeded(before, how, by, because)
  }

  /** Who listened to the one of before listens to the new partner. */
  async function succeeded(
    before: Partner,
    how: FactData<'call.transferred'>['how'],
    by: string,
    because: string,
  ) {
    bus.publish('call.transferred', {
      call: call.id,
      from: before.address,
      to: partner.address,
      how,
      by,
    })
    endTalk(call, bus, clock, because)
    tellTalking()
    for (const { who, as } of attendants.all()) await listen(who, as)
  }

  async function letGo(who: Partner) {
    call.partners.delete(who.leg)
    await telephony.hangUp(who.leg, 'normal')
  }

  function listen(who: Partner, as: Attendance) {
    const way = as === 'listen' || as === 'whisper' ? as : 'barge'
    return telephony.snoop(who.leg, partner.leg, way, ending.signal)
  }

  async function attendAs(who: Partner, way: AttendWay | 'conference', by: string) {
    if (way === 'take-over') {
      next('take-over')
      return await succeed(who, way, by, 'somebody took the talk over')
    }
    await listen(who, way)
    if (isOver) return
    attendants.join(who, way, by)
  }

  /** Rings in the background and goes on with whoever answers; nobody waits for that. */
  function ringFor(wanted: OtherPhone, then: (who: Partner | undefined) => Promise<void>) {
    const stop = new AbortController()
    const ring = { phone: wanted.phone, stop }
    ringing = ring
    const number = (wanted.show === 'caller' ? call.from : undefined) ?? tools.showNumber(call)
    const rung = tools.ringer
      .ring(
        call,
        wanted.phone,
        { ringFor: wanted.ringFor, number },
        AbortSignal.any([stop.signal, ending.signal]),
      )
      .then((came) => (typeof came === 'string' ? undefined : came))
      .catch(() => undefined)
    void rung.then(async (who) => {
      await inTurn(async () => {
        const isWanted = ringing === ring && !isOver
        if (ringing === ring) ringing = undefined
        if (who && (!isWanted || stop.signal.aborted)) return await letGo(who)
        if (isWanted) await then(who)
        if (who) watch(who)
      }).catch(async () => {
        if (who) await letGo(who)
      })
    })
  }

  function finish(how: TalkEnding) {
    if (isOver) return
    isOver = true
    ending.abort(new Error('the talk is over'))
    if (other) attendants.tellLeft(other, 'consulted')
    for (const { who, as } of attendants.all()) attendants.tellLeft(who, as)
    endTalk(call, bus, clock, becauseOf(how, call))
    over.resolve(how)
  }

  async function clear() {
    const all = [partner, other, ...attendants.all().map(({ who }) => who)]
    await Promise.allSettled([
      ...all.map((who) => who && letGo(who)),
      telephony.part(talk),
      ...(hasAside ? [telephony.part(aside)] : []),
    ])
  }

  let hasAside = other !== undefined
  const hands: HostedTalk = {
    get view() {
      const others: TalkView['others'] = attendants.all().map(({ who, as }) => ({
        phone: who.address,
        as,
      }))
      if (other) others.push({ phone: other.address, as: 'consulted' })
      if (ringing) others.push({ phone: ringing.phone, as: 'ringing' })
      return {
        state,
        with: partner.address,
        ...(call.heldSince !== undefined && { heldSince: call.heldSince }),
        others,
      }
    },

    hold: (by, place) =>
      inTurn(async () => {
        const to = next('hold')
        ifLeft = place
        await change(to, by)
      }),

    unhold: (by) => inTurn(() => change(next('unhold'), by)),

    consult: (wanted, by, place) =>
      inTurn(async () => {
        const to = next('ask')
        if (ringing) throw refuse(`${ringing.phone} is being rung`)
        if (attendants.all().some(({ as }) => as === 'conference')) throw refuse('three talk already')
        ifLeft = place
        hasAside = true
        await change(to, by)
        ringFor(wanted, async (who) => {
          if (!who) return await change(next('without-other'), by)
          other = who
          try {
            await change(next('answered'), by)
          } catch (thrown) {
            other = undefined
            throw thrown
          }
          attendants.tellJoined(who, 'consulted', by)
        })
      }),

    swap: (by) => inTurn(() => change(next('swap'), by)),

    cancel: (by) =>
      inTurn(async () => {
        const to = next('without-other')
        const released = other
        ringing?.stop.abort(new Error('cancelled'))
        ringing = undefined
        other = undefined
        if (released) attendants.tellLeft(released, 'consulted')
        await change(to, by)
        if (released) await letGo(released)
      }),

    complete: (by) =>
      inTurn(async () => {
        if (state === 'asking')
          return finish({ is: 'sent', place: ifLeft, because: 'given on before the phone was answered' })
        next('complete')
        if (other) await succeed(other, 'warm', by, 'he was given on')
      }),

    conference: (by) =>
      inTurn(async () => {
        const to = next('conference')
        const third = other
        other = undefined
        await change(to, by)
        if (third) await attendAs(third, 'conference', by)
      }),

    sendTo: (place, because) =>
      inTurn(async () => {
        if (isOver) throw refuse('the talk is over')
        finish({ is: 'sent', place, because })
      }),

    attend: (wanted, way, by) =>
      inTurn(async () => {
        if (isOver) throw refuse('the talk is over')
        const present = attendants.at(wanted.phone)
        if (present) return await attendAs(present, way, by)
        if (wanted.phone === partner.address || wanted.phone === other?.address)
          throw refuse(`${wanted.phone} is in the talk`)
        if (ringing) throw refuse(`${ringing.phone} is being rung`)
        ringFor(wanted, async (who) => {
          if (who) await attendAs(who, way, by)
        })
      }),

    dismiss: (phone) =>
      inTurn(async () => {
        const found = attendants.at(phone)
        if (!found) throw refuse(`${phone} is not on the line beside the two`)
        attendants.leave(found)
        await letGo(found)
      }),

    async tell(saying, language) {
      if (isOver) throw refuse('the talk is over')
      const { leg } = partner
      const media = await tools.voice.speak(saying, language, ending.signal)
      await telephony.play(leg, [media], ending.signal)
    },

    replaced(heir) {
      void inTurn(async () => {
        if (isOver) return await letGo(heir)
        const before = partner
        partner = heir
        watch(heir)
        if (state === 'held') await change('together', before.address)
        await succeeded(before, 'warm', before.address, 'his phone gave the client on')
        tellHold(heir.address)
      }).catch(() => letGo(heir))
    },
  }

  call.talk = hands
  tellTalking(true)
  if (found) tellHold(partner.address, true)
  watch(partner)
  if (other) watch(other)
  const clientLeft = () => finish({ is: 'left' })
  call.signal.addEventListener('abort', clientLeft, { once: true, signal: ending.signal })
  if (call.signal.aborted) clientLeft()
  const tooLong = () => finish({ is: 'too-long' })
  const relax = atMost === undefined ? () => undefined : clock.after(atMost * 1_000, tooLong)
  using _ = addAbortListener(tools.leaving, relax)

  const how = await over.promise
  relax()
  if (call.talk === hands) call.talk = undefined
  await work.catch(() => undefined)
  await clear()
  if (how.is !== 'sent') return how.is
  if (!call.signal.aborted) await tools.goTo(call, how.place, how.because)
  return 'left'
}
