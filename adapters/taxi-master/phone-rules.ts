import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/min'
import type { Phone } from '#core/schema.ts'
import type { PhoneRule, PhoneRules } from './settings.ts'

/** `+380671234567` in the form this site stores. */
export function toDispatchPhone(phone: Phone, { toDispatch }: PhoneRules): string {
  const rule = ruleFor(phone, toDispatch)
  return rule ? apply(rule, phone) : phone.slice(1)
}

/** Their form as E.164; `undefined` for what is no public number. */
export function fromDispatchPhone(
  raw: string,
  { fromDispatch }: PhoneRules,
  country: string,
): Phone | undefined {
  const plain = raw.replace(/[^+0-9]/g, '')
  if (!plain) return undefined

  const rule = ruleFor(plain, fromDispatch)
  if (!rule) return readAsCountry(plain, country)
  const phone = apply(rule, plain)
  return /^\+[1-9][0-9]{1,14}$/.test(phone) ? phone : undefined
}

/**
 * A number to be dialled, as Taxi-Master tells it to an exchange: it may carry any prefix of the exchange's,
 * behind which the last ten digits are the number.
 */
export function fromDialledPhone(raw: string, rules: PhoneRules, country: string): Phone | undefined {
  const phone = fromDispatchPhone(raw, rules, country)
  if (phone) return phone
  const digits = raw.replace(/\D/g, '')
  return digits.length > 10 ? fromDispatchPhone(digits.slice(-10), rules, country) : undefined
}

function ruleFor(number: string, rules: readonly PhoneRule[]): PhoneRule | undefined {
  return rules.find(
    ({ startsWith = '', length = number.length }) =>
      number.startsWith(startsWith) && number.length === length,
  )
}

function apply({ strip = '', keepLast, prepend = '' }: PhoneRule, number: string): string {
  const stripped = number.startsWith(strip) ? number.slice(strip.length) : number
  return prepend + (keepLast ? stripped.slice(-keepLast) : stripped)
}

function readAsCountry(number: string, country: string): Phone | undefined {
  const national = parsePhoneNumberFromString(number, country as CountryCode)
  if (national?.isPossible()) return national.number
  const international = number.startsWith('+') ? undefined : parsePhoneNumberFromString(`+${number}`)
  return international?.isPossible() ? international.number : undefined
}
