/** Codes that operators press during a talk: the same verbs as by HTTP, for phones that have nothing but keys. */
import type { Logger } from 'pino'
import type { Calls } from '#core/calls/calls.ts'
import type { Clock } from '#core/clock.ts'
import { CallbusError, reasonOf } from '#core/errors.ts'
import type { Saying } from '#core/plugin.ts'
import type { CallId, Language } from '#core/schema.ts'
import { type Order, readCode } from './codes.ts'
import { isOutside } from './errands.ts'
import type { Settings } from './settings.ts'
import type { Hands, Verbs } from './verbs.ts'
import { words } from './words.ts'

export interface Keys {
  pressed(key: { call: CallId; phone: string; key: string }): void
  /** What was begun in its talk is of no use any more. */
  forget(call: CallId): void
}

export function openKeys({
  calls,
  clock,
  language,
  log,
  settings,
  verbs,
}: {
  calls: Pick<Calls, 'talkOf'>
  clock: Clock
  /** Of the operators. */
  language: Language
  log: Logger
  settings: Pick<Settings, 'codes'>
  verbs: Verbs
}): Keys {
  const begun = new Map<CallId, { typed: string; relax(): void }>()

  function forget(call: CallId) {
    begun.get(call)?.relax()
    begun.delete(call)
  }

  async function tell({ talk, call }: Hands, saying: Saying) {
    await talk.tell(saying, language).catch((thrown: unknown) => {
      // Whoever has hung up needs no answer.
      if (calls.talkOf(call) === talk)
        log.warn({ call, reason: reasonOf(thrown) }, 'An operator could not be told what came of his code')
    })
  }

  async function act(hands: Hands, order: Order): Promise<unknown> {
    const { talk, by } = hands
    const isHeld = talk.view.state === 'held'
    switch (order.is) {
      case 'warm':
        return await verbs.consult(hands, { to: order.number })
      case 'blind':
        return await verbs.transfer(hands, { to: order.number })
      case 'driver':
        return await verbs.transfer(hands, { driver: true })
      case 'complete':
        return await talk.complete(by)
      case 'conference':
        return await talk.conference(by)
      case 'hold':
        return isHeld ? await talk.unhold(by) : await verbs.hold(hands)
      case 'back':
        return isHeld ? await talk.unhold(by) : await talk.cancel(by)
      case 'park':
        return await verbs.park(hands, (slot) => tell(hands, words.parked({ slot })))
      case 'wrong':
        return await tell(hands, words.unknownCode)
    }
  }

  async function obey(hands: Hands, order: Order) {
    try {
      await act(hands, order)
    } catch (thrown) {
      const isRefused = thrown instanceof CallbusError && thrown.code === 'TALK_REFUSED'
      if (!isRefused)
        log.warn(
          { call: hands.call, reason: reasonOf(thrown) },
          'A code pressed in a talk could not be carried out',
        )
      await tell(hands, words.notNow)
    }
  }

  return {
    forget,

    pressed({ call, phone, key }) {
      const talk = calls.talkOf(call)
      // Drivers and other people outside give nobody on.
      if (!talk || isOutside(phone)) return
      const typed = (begun.get(call)?.typed ?? '') + key
      forget(call)
      const read = readCode(typed, talk.view.state, settings.codes)
      if (read.is === 'begun')
        begun.set(call, {
          typed,
          relax: clock.after(settings.codes.patience * 1_000, () => begun.delete(call)),
        })
      else if (read.is !== 'no code') void obey({ call, talk, by: phone }, read)
    },
  }
}
