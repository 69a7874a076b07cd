import { amount } from '../format.ts'
import { personOf, reasonOf } from '../tariff-history.ts'
import type { Change, Weather } from '../tariffs-api.ts'
import { named, words } from '../words/words.ts'

type Decided = Pick<Change, 'rules' | 'because' | 'by' | 'weather'>

/** Why a price is what it is: by which rules or in whose words, and what the sky did. */
export function TariffReason({ of }: { of: Decided }) {
  const say = words().tariffs
  const { says, after } = reasonOf(of)
  return (
    <>
      {of.by.startsWith('user:') ? says : named(say.reasons, says)}
      {after !== undefined && ` (${say.after(decider(after))})`}
      {of.weather && <span class="under-it">{weatherWords(of.weather)}</span>}
    </>
  )
}

/** A person, the weather or the switch. */
export function decider(by: string): string {
  return named(words().tariffs.deciders, personOf(by))
}

function weatherWords({ temperature, rain, snow, wind, isIcy, isStorm }: Weather): string {
  const { locale, tariffs: say } = words()
  const number = (value: number) => amount(value, locale)
  return [
    `${number(temperature)}\u00a0°C`,
    rain > 0 && say.rain(number(rain)),
    snow > 0 && say.snow(number(snow)),
    say.wind(number(wind)),
    isIcy && say.ice,
    isStorm && say.storm,
  ]
    .filter(Boolean)
    .join(', ')
}
