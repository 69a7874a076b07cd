import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/min'

const space = '\u00a0'

/** `m:ss`, from one hour `h:mm:ss`. */
export function timer(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000))
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
  const tail = String(seconds % 60).padStart(2, '0')
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${tail}` : `${minutes}:${tail}`
}

/** National with non-breaking spaces; a number from abroad keeps its country code, a masked one its mask. */
export function phone(number: string, country: string): string {
  const parsed = number.startsWith('+') ? parsePhoneNumberFromString(number) : undefined
  if (!parsed?.isPossible()) return number.replaceAll(' ', space)
  const isHome = parsed.country === country
  return (isHome ? parsed.formatNational() : parsed.formatInternational()).replaceAll(/[ -]/g, space)
}

/** E.164 of what a person typed, or its digits when they are only part of a number. */
export function typedPhone(typed: string, country: string): string {
  const parsed = parsePhoneNumberFromString(typed, country as CountryCode)
  return parsed?.isValid() ? parsed.number : typed.replaceAll(/[^\d+]/g, '')
}

/** `14:05:09`, and `24.12.2026 14:05:09` for another day. */
export function moment(at: number, now: number): string {
  const [date, today] = [new Date(at), new Date(now)]
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits).join(':')
  if (date.toDateString() === today.toDateString()) return time
  return `${twoDigits(date.getDate())}.${twoDigits(date.getMonth() + 1)}.${date.getFullYear()} ${time}`
}

/** `+20 %` on the usual price. */
export function percent(value: number, locale: string): string {
  const signed = new Intl.NumberFormat(locale, { maximumFractionDigits: 1, signDisplay: 'exceptZero' })
  return `${signed.format(value)}${space}%`
}

/** `1.4` of some unit. */
export function amount(value: number, locale: string): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(value)
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}
