/**
 * Phone numbers are personal. What is written down or shown to who may not see them keeps the country and
 * the last four digits: `+380*****4567`.
 */

/**
 * 9 to 15 digits, perhaps grouped; 7 are enough after a plus. Not: JSON numbers (moments, sizes), ends of
 * UUIDs, the exchange's `1768478400.12`, dates with times.
 */
const phones =
  /(?<!\w|":|[0-9a-f]{4}-)(?:(\+|%2[Bb])[ (]{0,2}\d(?:[ ()-]{0,2}\d){6,14}|\d(?:[ ()-]{0,2}\d){8,14})(?![\w:]|\.\d)/g
const visibleEnd = 4
const hiddenAtLeast = 5

/** Masks every phone number in a text or in a line of JSON. */
export function maskPhones(text: string): string {
  return text.replace(phones, (found, plus: string | undefined) => {
    const digits = (plus ? found.slice(plus.length) : found).replace(/\D/g, '')
    const visibleStart = Math.min(3, Math.max(0, digits.length - visibleEnd - hiddenAtLeast))
    return `${plus ?? ''}${digits.slice(0, visibleStart)}*****${digits.slice(-visibleEnd)}`
  })
}

/** The same plain data with every phone number in it masked. */
export function maskedCopy<Data>(data: Data): Data {
  return JSON.parse(maskPhones(JSON.stringify(data))) as Data
}
