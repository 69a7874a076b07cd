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
