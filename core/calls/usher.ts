import type { Logger } from 'pino'
import type { CallBus } from '../call-bus/call-bus.ts'
import { CallbusError, CallEnded, reasonOf } from '../errors.ts'
import type { HangUpReason, Telephony } from '../ports/telephony.ts'
import type { CallId } from '../schema.ts'
import { unlessAborted } from '../unless-aborted.ts'
import { type Conversation, type ConversationTools, openConversation } from './conversation.ts'
import type { LiveCall } from './live-call.ts'
import type { PlaceBook, PlaceFlow } from './places.ts'
import type { FrontDesk } from './reception.ts'

export interface Usher {
  /** Who talks with each caller now. */
  readonly conversations: ReadonlyMap<CallId, Conversation>
  /** Runs what is done for a call; whatever breaks, the caller is led to a person or the exchange's fallback. */
  serve(call: LiveCall, work: () => Promise<void>): void
  isServed(call: LiveCall): boolean
  /** From the first ring: verdicts, then a conversation or a place; whom we rang goes to his place at once. */
  receive(call: LiveCall): Promise<void>
  visit(
    call: LiveCall,
    owner: string,
    flow: PlaceFlow,
    because: string | undefined,
    since?: number,
  ): Promise<void>
  /** To another place; to the line's fallback when there is none of that name. */
  goTo(call: LiveCall, place: string, because: string | undefined): Promise<void>
  /** Gives the caller to the exchange's own fallback. */
  release(call: LiveCall, because: string): Promise<void>
  /** Nobody has anything more to do with him: a last word, if somebody has one, and goodbye. */
  seeOff(call: LiveCall): Promise<void>
  /** Hangs up, once. */
  bye(call: LiveCall, reason?: HangUpReason): Promise<void>
}

export interface UsherParts {
  bus: CallBus
  log: Logger
  places: PlaceBook
  reception: FrontDesk
  telephony: Telephony
  tools: Omit<ConversationTools, 'goTo' | 'release'>
  keep(call: LiveCall): void
  released(call: LiveCall, because: string): void
}

/** Leads each caller to a conversation, a place, a person; nobody is left in silence. */
export function openUsher(parts: UsherParts): Usher {
  const { bus, log, places, reception, telephony } = parts
  const tools: ConversationTools = { ...parts.tools, goTo, release }
  const conversations = new Map<CallId, Conversation>()
  const serving = new Map<CallId, Promise<void>>()

  function serve(call: LiveCall, work: () => Promise<void>) {
    const served = work()
      .catch((thrown: unknown) => stranded(call, thrown))
      .finally(() => serving.delete(call.id))
    serving.set(call.id, served)
  }

  async function receive(call: LiveCall) {
    if (call.errand) return await goTo(call, call.errand.place, call.errand.because)
    if (call.extension !== undefined) {
      const place = places.forDialled(call.to)
      if (place === undefined) return await bye(call, 'rejected')
      return await goTo(call, place, 'dialled at a phone of the house')
    }
    const decided = await reception.decide(call, {
      grant(wish) {
        if ('prefer' in wish) call.priority = Math.max(call.priority, wish.prefer)
        else call.first ??= wish.first
      },
      async greet(by, flow) {
        await hold(call, by, flow)
        return !call.signal.aborted && !call.isLeaving
      },
    })
    if (!decided || call.signal.aborted) return

    const { by, decision } = decided
    if ('sendTo' in decision) return await goTo(call, decision.sendTo, decision.because)
    if ('talk' in decision) return await converse(call, by, decision.talk)
    call.result = 'refused'
    const words = decision.refuse
    if (!words) return await bye(call, 'rejected')
    await converse(call, by, async (caller) => {
      await caller.say(words)
    })
  }

  async function converse(call: LiveCall, by: string, flow: (caller: Conversation) => Promise<void>) {
    await hold(call, by, flow, seeOff)
  }

  /**
   * A flow has the caller until it returns; a broken or silent one loses him to the line's fallback, and one that
   * never settles harms nobody.
   */
  async function hold(
    call: LiveCall,
    by: string,
    flow: (caller: Conversation) => Promise<void>,
    afterwards?: (call: LiveCall) => Promise<void>,
  ) {
    const conversation = openConversation(call, tools)
    const outer = conversations.get(call.id)
    conversations.set(call.id, conversation)
    try {
      call.move({ name: 'call.conversing', by })
      bus.publish('call.conversing', { call: call.id, by })
      parts.keep(call)
      await unlessAborted(flow(conversation), conversation.signal)
      await afterwards?.(call)
    } catch (thrown) {
      if (call.signal.aborted) return
      if (call.result === 'refused') return await bye(call, 'rejected')
      fail(call, by, thrown)
      conversation.revoke(new CallEnded('the conversation broke'))
      await goTo(call, call.line.fallback, 'the conversation broke', by)
    } finally {
      if (outer && !call.signal.aborted) conversations.set(call.id, outer)
      else conversations.delete(call.id)
    }
  }

  async function seeOff(call: LiveCall) {
    const mayHear = !call.signal.aborted && !call.isLeaving && !call.isSeenOff && call.result !== 'refused'
    const last = mayHear ? reception.lastWordFor(call) : undefined
    if (last) {
      call.isSeenOff = true
      await hold(call, last.by, (caller) => unlessItBreaks(call, last.by, last.talk(caller)), bye)
    }
    await bye(call)
  }

  /** Who is done with is led nowhere when a last word with him breaks. */
  async function unlessItBreaks(call: LiveCall, by: string, talk: Promise<void>) {
    await talk.catch((thrown: unknown) => {
      if (!call.signal.aborted) fail(call, by, thrown)
    })
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
    log.error({ call: call.id, plugin: by, code: broken.code, err: thrown }, broken.message)
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
    if (name !== fallback)
      return await goTo(
        call,
        fallback,
        place ? `the place ${name} is broken` : `there is no place ${name}`,
        brokenOwner,
      )
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
    parts.released(call, because)
  }

  /** Nothing worked: the exchange's own fallback is the last honest way out; unreachable, its guard does it. */
  async function stranded(call: LiveCall, thrown: unknown) {
    if (call.signal.aborted) return
    fail(call, 'core', thrown)
    await release(call, reasonOf(thrown)).catch((again: unknown) => {
      log.error({ call: call.id, reason: reasonOf(again) }, 'A call waits for the exchange to come back')
    })
  }

  return {
    conversations,
    serve,
    isServed: (call) => serving.has(call.id),
    receive,
    visit,
    goTo: (call, place, because) => goTo(call, place, because),
    release,
    seeOff,
    bye,
  }
}
