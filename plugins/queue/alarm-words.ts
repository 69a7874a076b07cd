/** What responsible people read, in the language of the site. */
import type { Language } from '#core/schema.ts'
import type { Alarm, AlarmKind } from './alarms.ts'

interface Text {
  subject: string
  text: string
}

const duration = (seconds: number) =>
  seconds < 60
    ? `0:${String(Math.floor(seconds)).padStart(2, '0')}`
    : `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`

type About = Alarm & { seconds: number }

const about = ({ queue, operator, line }: Alarm) => queue ?? operator ?? line ?? ''

const began: Record<Language, Record<AlarmKind, (alarm: About) => string>> = {
  uk: {
    long_wait: (alarm) => `Черга ${about(alarm)}: клієнт чекає ${duration(alarm.seconds)}`,
    nobody_signed_in: (alarm) => `Черга ${about(alarm)} відкрита, а на зміні нікого немає`,
    line_failed: (alarm) => `Немає зв’язку: ${about(alarm)}`,
    long_hold: (alarm) => `Клієнта тримають на утриманні ${duration(alarm.seconds)}: ${about(alarm)}`,
    long_pause: (alarm) => `${about(alarm)} на перерві ${duration(alarm.seconds)}`,
    unanswered_rings: (alarm) => `${about(alarm)} не піднімає слухавку`,
  },
  ru: {
    long_wait: (alarm) => `Очередь ${about(alarm)}: клиент ждёт ${duration(alarm.seconds)}`,
    nobody_signed_in: (alarm) => `Очередь ${about(alarm)} открыта, а на смене никого нет`,
    line_failed: (alarm) => `Нет связи: ${about(alarm)}`,
    long_hold: (alarm) => `Клиента держат на удержании ${duration(alarm.seconds)}: ${about(alarm)}`,
    long_pause: (alarm) => `${about(alarm)} на перерыве ${duration(alarm.seconds)}`,
    unanswered_rings: (alarm) => `${about(alarm)} не снимает трубку`,
  },
  pl: {
    long_wait: (alarm) => `Kolejka ${about(alarm)}: klient czeka ${duration(alarm.seconds)}`,
    nobody_signed_in: (alarm) => `Kolejka ${about(alarm)} jest otwarta, a nikt nie jest zalogowany`,
    line_failed: (alarm) => `Brak połączenia: ${about(alarm)}`,
    long_hold: (alarm) => `Klient zawieszony od ${duration(alarm.seconds)}: ${about(alarm)}`,
    long_pause: (alarm) => `${about(alarm)} ma przerwę od ${duration(alarm.seconds)}`,
    unanswered_rings: (alarm) => `${about(alarm)} nie odbiera telefonu`,
  },
  en: {
    long_wait: (alarm) => `Queue ${about(alarm)}: a caller has waited ${duration(alarm.seconds)}`,
    nobody_signed_in: (alarm) => `Queue ${about(alarm)} is open and nobody is signed in`,
    line_failed: (alarm) => `No connection: ${about(alarm)}`,
    long_hold: (alarm) => `A caller has been on hold for ${duration(alarm.seconds)}: ${about(alarm)}`,
    long_pause: (alarm) => `${about(alarm)} has paused for ${duration(alarm.seconds)}`,
    unanswered_rings: (alarm) => `${about(alarm)} does not answer the phone`,
  },
}

const over: Record<Language, string> = {
  uk: 'Минуло',
  ru: 'Прошло',
  pl: 'Już w porządku',
  en: 'Over',
}
const lasted: Record<Language, (seconds: number) => string> = {
  uk: (seconds) => `Тривало ${duration(seconds)}.`,
  ru: (seconds) => `Длилось ${duration(seconds)}.`,
  pl: (seconds) => `Trwało ${duration(seconds)}.`,
  en: (seconds) => `It lasted ${duration(seconds)}.`,
}

/** `clockAt` shows the time at the site. */
export function toText(
  alarm: Alarm,
  language: Language,
  now: number,
  ended: boolean,
  clockAt: (moment: number) => string,
): Text {
  const seconds = (now - alarm.since) / 1_000
  const what = began[language][alarm.kind]({ ...alarm, seconds })
  if (!ended) return { subject: what, text: `${what}.\n${clockAt(alarm.since)} – …` }
  return {
    subject: `${over[language]}: ${began[language][alarm.kind]({ ...alarm, seconds })}`,
    text: `${lasted[language](seconds)}\n${clockAt(alarm.since)} – ${clockAt(now)}`,
  }
}
