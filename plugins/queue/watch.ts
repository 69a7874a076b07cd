/** Looks every few seconds whether all is well; what begins and what is over becomes a fact, and people are told. */
import type { Logger } from 'pino'
import type { LocalTime } from '#core/calendar.ts'
import type { CallBus } from '#core/call-bus/call-bus.ts'
import type { Clock } from '#core/clock.ts'
import { reasonOf } from '#core/errors.ts'
import type { Services } from '#core/plugin.ts'
import type { Language, Moment } from '#core/schema.ts'
import { toText } from './alarm-words.ts'
import { type Alarm, type AlarmKind, alarmsOf, type EmptySince, type View } from './alarms.ts'
import type { Settings } from './settings.ts'

export interface Watch {
  /** What is not well now, the oldest first. */
  alarms(): Alarm[]
}

const lookEvery = 5_000
/** Alarms of an earlier life that are older have been forgotten by everybody. */
const remembered = 24 * 3_600_000

export async function openWatch(parts: {
  settings: Settings['alarms']
  view(missed: ReadonlyMap<string, readonly Moment[]>): Pick<View, 'queues' | 'operators'>
  held(): View['held']
  operatorAt(phone: string): string | undefined
  bus: CallBus
  clock: Clock
  cleanup: AsyncDisposableStack
  journal: Pick<Services['journal'], 'factsNamed'>
  localTime: LocalTime
  log: Logger
  messages: Services['messages']
  language: Language
}): Promise<Watch> {
  const { settings, bus, clock, journal, log, messages, language } = parts
  const open = new Map<string, { alarm: Alarm; isTold: boolean }>()
  const toldAt = new Map<string, Moment>()
  const empty: EmptySince = new Map()
  const lost = new Map<string, Moment>()
  const missed = new Map<string, Moment[]>()
  await remember()

  bus.on('connection.changed', ({ neighbour, state }) => {
    if (state === 'connected') lost.delete(neighbour)
    else if (state === 'lost' && !lost.has(neighbour)) lost.set(neighbour, clock.now())
  })
  bus.on('call.operator-missed', ({ operator: phone, outcome }) => {
    const operator = parts.operatorAt(phone)
    if (operator === undefined || (outcome !== 'no-answer' && outcome !== 'rejected')) return
    missed.set(operator, [...(missed.get(operator) ?? []), clock.now()].slice(-settings.unanswered))
  })
  bus.on('operator.changed', ({ operator, state }) => {
    if (state === 'talking' || state === 'signed_out') missed.delete(operator)
  })

  /** What was open when an earlier life of ours ended is neither told twice nor forgotten. */
  async function remember() {
    const since = clock.now() - remembered
    for (const { data, at } of await journal.factsNamed('alarm.began', since)) {
      const { alarm: key, isTold, concerns, kind, ...about } = data
      const alarm = {
        ...about,
        key,
        kind: kind as AlarmKind,
        ...(concerns !== undefined && { call: concerns }),
      }
      open.set(key, { alarm, isTold })
      if (isTold) toldAt.set(key, at)
    }
    for (const { data } of await journal.factsNamed('alarm.ended', since)) {
      if (open.get(data.alarm)?.alarm.since === data.since) open.delete(data.alarm)
    }
    for (const { alarm } of open.values()) {
      if (alarm.kind === 'nobody_signed_in' && alarm.queue !== undefined) empty.set(alarm.queue, alarm.since)
      if (alarm.kind === 'line_failed' && alarm.line !== undefined) lost.set(alarm.line, alarm.since)
    }
  }

  function look() {
    const now = clock.now()
    const view = {
      ...parts.view(missed),
      held: parts.held(),
      lost: [...lost].map(([line, since]) => ({ line, since })),
    }
    const found = new Map(alarmsOf(view, settings, empty, now).map((alarm) => [alarm.key, alarm]))
    for (const [key, { alarm, isTold }] of open) if (!found.has(key)) end(alarm, isTold, now)
    for (const alarm of found.values()) if (!open.has(alarm.key)) begin(alarm, now)
  }

  function begin(alarm: Alarm, now: Moment) {
    const { key, kind, since, limit, queue, operator, line, call } = alarm
    const before = toldAt.get(key)
    const isQuiet = before !== undefined && now - before < settings.quiet * 60_000
    const isTold = !isQuiet && settings.tell.includes(kind)
    open.set(key, { alarm, isTold })
    if (isTold) toldAt.set(key, now)
    bus.publish('alarm.began', {
      alarm: key,
      kind,
      since,
      limit,
      isTold,
      ...(queue !== undefined && { queue }),
      ...(operator !== undefined && { operator }),
      ...(line !== undefined && { line }),
      ...(call !== undefined && { concerns: call }),
    })
    if (isTold) tell(alarm, now, false)
  }

  function end(alarm: Alarm, isTold: boolean, now: Moment) {
    const { key, kind, since } = alarm
    open.delete(key)
    bus.publish('alarm.ended', { alarm: key, kind, since, seconds: (now - since) / 1_000 })
    if (isTold) tell(alarm, now, true)
  }

  function tell(alarm: Alarm, now: Moment, isOver: boolean) {
    messages
      .tell({
        id: `alarm ${alarm.key} ${alarm.since} ${isOver ? 'over' : 'began'}`,
        to: 'responsible',
        about: alarm.kind === 'line_failed' ? 'lines' : 'queue',
        ...toText(alarm, language, now, isOver, timeOf),
        because: `${alarm.kind} > ${alarm.limit}`,
      })
      .catch((thrown: unknown) =>
        log.error({ alarm: alarm.key, reason: reasonOf(thrown) }, 'Responsible people could not be told'),
      )
  }

  function timeOf(moment: Moment): string {
    const { date, time } = parts.localTime.at(moment)
    const [year, month, day] = date.split('-')
    const two = (number: number) => String(Math.floor(number)).padStart(2, '0')
    return `${day}.${month}.${year} ${two(time / 3_600_000)}:${two((time / 60_000) % 60)}`
  }

  let takeBack = clock.after(lookEvery, lookAgain)
  function lookAgain() {
    look()
    takeBack = clock.after(lookEvery, lookAgain)
  }
  parts.cleanup.defer(() => takeBack())

  return {
    alarms: () => [...open.values()].map(({ alarm }) => alarm).sort((one, other) => one.since - other.since),
  }
}
