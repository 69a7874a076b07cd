import type { CallBus } from '#core/call-bus/call-bus.ts'
import type { Clock } from '#core/clock.ts'
import type { Call, Caller } from '#core/plugin.ts'
import type { CallId } from '#core/schema.ts'
import { askForMarks } from './mark-flow.ts'
import type { Marks } from './marks.ts'
import type { Operators } from './operators.ts'
import type { Settings } from './settings.ts'
import { isChosen } from './share.ts'
import type { Surveys } from './surveys.ts'
import { words } from './words.ts'

/** Asks a caller whose operator has hung up for a mark, when he is among the share. */
export function openLastWord(parts: {
  bus: Pick<CallBus, 'on'>
  clock: Clock
  marks: Marks
  operators: Operators
  settings: Settings
  surveys: Surveys
}): (call: Call) => ((caller: Caller) => Promise<void>) | undefined {
  const { bus, clock, marks, operators, settings, surveys } = parts
  const waiting = new Set<CallId>()
  /** Who talked last to a caller that is still on the line. */
  const hungUp = new Map<CallId, string>()

  bus.on('call.waiting', ({ call }) => void waiting.add(call))
  bus.on('call.talk-ended', ({ call, with: partner, because }) => {
    // An operator sits at an extension, or was waited for; drivers are rung on their phones.
    const isOperator = waiting.has(call) || !partner.startsWith('+')
    if (because === 'the partner left' && isOperator) hungUp.set(call, partner)
    else hungUp.delete(call)
  })
  bus.on('call.ended', ({ call }) => {
    waiting.delete(call)
    hungUp.delete(call)
  })

  async function ask(caller: Caller, extension: string) {
    const { call } = caller
    const identity = await call.identity
    if (call.from === undefined || (identity.lookedUp && identity.card.kind === 'driver')) return
    const order = identity.lookedUp ? identity.card.order?.id : undefined
    const survey = await surveys.add({
      key: `call:${call.id}`,
      kind: 'end-of-call',
      order,
      phone: call.from,
      next_at: clock.now(),
      expires_at: clock.now(),
    })
    if (!survey) return
    const isFree = await surveys.claim(survey)
    await surveys.close(survey.id, isFree ? 'reached' : 'asked_lately')
    if (!isFree) return
    const about = {
      survey: survey.id,
      call: call.id,
      order_id: order ?? null,
      phone: call.from,
      subject: 'dispatcher',
      who: operators.at(extension),
      car: null,
    } as const
    await askForMarks(caller, [{ about, text: words.rateTalk }], { marks, settings })
  }

  return (call) => {
    const extension = hungUp.get(call.id)
    if (extension === undefined || call.errand || call.from === undefined) return undefined
    if (!isChosen(call.id, settings.endOfCall.share)) return undefined
    return (caller) => ask(caller, extension)
  }
}
