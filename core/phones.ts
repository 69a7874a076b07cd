import {
  type CountryCode,
  getCountryCallingCode,
  isSupportedCountry,
  type PhoneNumber,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/max'
import type { Phone } from './schema.ts'

/** Reads and writes phone numbers the way the site's country does. */
export interface Phones {
  /** E.164, or `undefined` for what is no public number (an extension, `anonymous`). */
  toE164(raw: string): Phone | undefined
  /** For people: `067 123 4567`; numbers of other countries with their `+`. */
  toNational(phone: Phone): string
  /** Whether it rings on a wall or in a pocket; where a country does not tell them apart, in a pocket. */
  kindOf(phone: Phone): PhoneKind
}

export type PhoneKind = 'mobile' | 'landline'

/** One word for a number however it is written or dialled; what is no public number is its own. */
export const asKept = (number: string, { toE164 }: Pick<Phones, 'toE164'>): string => toE164(number) ?? number

/** Numbers of a day come again and again; more than this is somebody trying us. */
const remembered = 10_000
/** A SIP address with its name and parameters; nothing longer can be a number. */
const longest = 200
/** Extensions and service numbers are shorter than any number that can be called back. */
const fewestDigits = 9

/** `country` is an ISO 3166 code; an unknown one is a `RangeError`. */
export function openPhones({ country }: { country: string }): Phones {
  const home = country.toUpperCase()
  if (!isSupportedCountry(home))
    throw new RangeError(`${country} is not the code of a country with telephones`)
  const homeCode = getCountryCallingCode(home)

  return {
    toE164: memoised((raw) => read(raw, home)?.number),

    toNational: memoised((phone) => {
      const number = parsePhoneNumberFromString(phone)
      if (!number) return phone
      return number.countryCallingCode === homeCode ? number.formatNational() : number.formatInternational()
    }),

    kindOf: (phone) =>
      parsePhoneNumberFromString(phone)?.getType() === 'FIXED_LINE' ? 'landline' : 'mobile',
  }
}

/** A number that is possible counts: ranges are opened faster than anybody's tables learn of them. */
function read(raw: string, home: CountryCode): PhoneNumber | undefined {
  if (raw.length > longest) return undefined
  const dialled = userOf(raw)
  if (!/^\+?[0-9\s().\-/]+$/.test(dialled)) return undefined

  const number = parsePhoneNumberFromString(dialled, home)
  if (isPublic(number)) return number

  const digits = dialled.replace(/[^0-9]/g, '')
  const abroad = parsePhoneNumberFromString(`+${digits}`)
  if (isPublic(abroad) && abroad.isValid()) return abroad

  // Ukrainian numbers were dialled with 8 0 until 2009, and many programs still store them so.
  const old =
    home === 'UA' && /^80[0-9]{9}$/.test(digits) ? parsePhoneNumberFromString(`+3${digits}`) : undefined
  return isPublic(old) ? old : undefined
}

/** What stands before the host of a SIP address, or between `tel:` and its parameters. */
function userOf(raw: string): string {
  const user = /(?:sips?|tel):([^@;>]*)/i.exec(raw)?.[1] ?? raw
  return user.replace(/%2b/i, '+').replaceAll('\u00a0', ' ').trim()
}

function isPublic(number: PhoneNumber | undefined): number is PhoneNumber {
  return (
    number?.isPossible() === true &&
    /^\+[1-9][0-9]{1,14}$/.test(number.number) &&
    number.number.length > fewestDigits
  )
}

function memoised<Answer>(ask: (text: string) => Answer): (text: string) => Answer {
  const answers = new Map<string, Answer>()
  return (text) => {
    const known = answers.get(text)
    if (known !== undefined || answers.has(text)) return known as Answer
    const answer = ask(text)
    if (text.length > longest) return answer
    const oldest = answers.keys().next()
    if (answers.size >= remembered && !oldest.done) answers.delete(oldest.value)
    answers.set(text, answer)
    return answer
  }
}
