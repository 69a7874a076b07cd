/**
 * What a sentence needs from its language: numbers in words with gender and case, things counted, plates
 * letter by letter, cars as people describe them.
 *
 *     ru: ({ minutes }: { minutes: number }) => `Машина будет через ${ru.minutes(minutes, 'accusative')}.`
 */
import type { Language } from '../../schema.ts'
import type { CarText } from './cars.ts'
import { en } from './en.ts'
import type { Currency } from './money.ts'
import type { Case, Gender } from './numbers.ts'
import { pl } from './pl.ts'
import { ru } from './ru.ts'
import type { DayTime, PastDay } from './times.ts'
import { uk } from './uk.ts'

export type NounName = 'minute' | 'hour'

export interface Grammar {
  /** A whole number below a thousand million; fractions are rounded. */
  number(value: number, form?: { gender?: Gender; case?: Case }): string
  /** «две минуты», «двух минут». */
  count(value: number, noun: NounName, grammaticalCase?: Case): string
  /** Minutes, from an hour on in hours and minutes. */
  minutes(value: number, grammaticalCase?: Case): string
  /** What something is ordered for: «на завтра, на восемнадцать часов тридцать минут». */
  when(moment: DayTime): string
  /** When something was: «вчера», «второго мая». */
  on(day: PastDay): string
  /** «в восемь часов тридцать минут». */
  at(time: { hour: number; minute: number }): string
  /** «две гривны пятьдесят копеек», whatever the sign. */
  money(sum: number, currency: Currency): string
  /** A number plate as it is read aloud; `undefined` when nothing in it can be read. */
  plate(plate: string | undefined): string | undefined
  /** «белая Тойота», from whatever staff typed; `undefined` when no word of it is known. */
  car(car: CarText): string | undefined
}

export const grammars: Record<Language, Grammar> = { ru, uk, pl, en }
export { a } from './en.ts'
export { en, pl, ru, uk }
