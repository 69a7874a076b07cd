import type { Order } from '#core/ports/dispatch.ts'
import type { Language, Moment } from '#core/schema.ts'
import type { Settings } from './settings.ts'
import type { Told } from './tellings.ts'

/** Why a person has to answer a client rather than the voice. */
export type Reason = { is: 'late'; promisedAt: Moment } | { is: 'again'; calls: number }

const minute = 60_000

/** The order is not for now: asking about it is no chasing. */
export function isForLater({ at }: Order, now: Moment, { laterFrom }: Pick<Settings, 'laterFrom'>): boolean {
  return at !== undefined && at - now > laterFrom * minute
}

/** A promise that was broken weighs more than a call that is repeated; a car that waits has kept it. */
export function whyAPerson(
  order: Order,
  told: Told,
  { now, settings }: { now: Moment; settings: Pick<Settings, 'voiceCalls' | 'promiseGrace' | 'laterFrom'> },
): Reason | undefined {
  if (isForLater(order, now, settings)) return undefined
  const promises = [told.promisedAt, order.at].filter((each) => each !== undefined)
  const promisedAt = promises.length > 0 ? Math.min(...promises) : undefined
  const isLate = promisedAt !== undefined && now > promisedAt + settings.promiseGrace * minute
  if (isLate && order.stage !== 'arrived') return { is: 'late', promisedAt }
  if (told.calls >= settings.voiceCalls) return { is: 'again', calls: told.calls + 1 }
  return undefined
}

export function toTime(moment: Moment, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' }).format(moment)
}

/** As the story of the call tells it. */
export function inStory(reason: Reason, order: Order, timeZone: string): string {
  return reason.is === 'late'
    ? `order ${order.id} was promised for ${toTime(reason.promisedAt, timeZone)} and the car is not there`
    : `call ${reason.calls} about order ${order.id}`
}

/** As dispatchers read it on their screens. */
export function onCard(
  reason: Reason,
  timeZone: string,
  language: Language,
): { title: string; text: string } {
  const { title, late, again } = cards[language]
  const text = reason.is === 'late' ? late(toTime(reason.promisedAt, timeZone)) : again(reason.calls)
  return { title, text }
}

const cards: Record<
  Language,
  { title: string; late: (time: string) => string; again: (calls: number) => string }
> = {
  ru: {
    title: 'Клиент звонит о машине',
    late: (time) => `Машину обещали к ${time}, её ещё нет.`,
    again: (calls) => `Звонков об этом заказе: ${calls}.`,
  },
  uk: {
    title: 'Клієнт телефонує про машину',
    late: (time) => `Машину обіцяли на ${time}, її ще немає.`,
    again: (calls) => `Дзвінків про це замовлення: ${calls}.`,
  },
  pl: {
    title: 'Klient dzwoni w sprawie taksówki',
    late: (time) => `Taksówka miała być o ${time}, a jeszcze jej nie ma.`,
    again: (calls) => `Telefonów w sprawie tego zamówienia: ${calls}.`,
  },
  en: {
    title: 'A client calls about the car',
    late: (time) => `The car was promised for ${time} and is not there.`,
    again: (calls) => `Calls about this order: ${calls}.`,
  },
}
