export type Gender = 'masculine' | 'feminine' | 'neuter'
export type Case = 'nominative' | 'accusative' | 'genitive'

/** A thing that is counted: its form after one, a few and many, in each case. */
export interface Noun {
  gender: Gender
  forms: Record<Case, { one: string; few: string; many: string }>
}

/** Each case as `'one few many'`: `noun('feminine', 'минута минуты минут', …)`. */
export function noun(gender: Gender, nominative: string, accusative: string, genitive: string): Noun {
  const toForms = (words: string) => {
    const [one = '', few = one, many = few] = words.split(' ')
    return { one, few, many }
  }
  return {
    gender,
    forms: { nominative: toForms(nominative), accusative: toForms(accusative), genitive: toForms(genitive) },
  }
}

/** The number words of a Slavic language. Things counted are lifeless: accusatives from two on are nominatives. */
export interface NumberWords {
  language: 'ru' | 'uk' | 'pl'
  /** Nominative and genitive: `[0, 'ноль', 'ноля']`. Everything but one and two. */
  words: readonly (readonly [value: number, nominative: string, genitive: string])[]
  /** In the order of the genders. */
  one: Record<Case, string>
  two: Record<'nominative' | 'genitive', string>
  /** Polish: the "one" of 21 and 101 never changes. */
  oneInsideNeverChanges?: boolean
  thousand: Noun
  million: Noun
}

const genders: readonly Gender[] = ['masculine', 'feminine', 'neuter']
const largest = 999_999_999

/** The whole number that is spoken for a value. */
export function spokenNumber(value: number): number {
  const whole = Math.round(value)
  if (!(whole >= 0 && whole <= largest)) throw new RangeError(`${value} cannot be said as a number`)
  return whole
}

export function slavicNumbers(language: NumberWords) {
  const rules = new Intl.PluralRules(language.language)
  const table = new Map(
    language.words.map(([value, nominative, genitive]) => [value, { nominative, genitive }]),
  )

  function number(value: number, form: { gender?: Gender; case?: Case } = {}): string {
    const whole = spokenNumber(value)
    const { gender = 'masculine', case: grammaticalCase = 'nominative' } = form
    if (whole === 0) return word(0, gender, grammaticalCase, false)

    const below = whole % 1000
    return [
      ...scaled(Math.floor(whole / 1_000_000), language.million, grammaticalCase),
      ...scaled(Math.floor(whole / 1000) % 1000, language.thousand, grammaticalCase),
      ...belowThousand(below, gender, grammaticalCase, whole > 1),
    ].join(' ')
  }

  /** One thousand is just "a thousand". */
  function scaled(many: number, scale: Noun, grammaticalCase: Case): string[] {
    if (many === 0) return []
    const name = inflected(many, scale, grammaticalCase)
    return many === 1 ? [name] : [...belowThousand(many, scale.gender, grammaticalCase, true), name]
  }

  function belowThousand(value: number, gender: Gender, grammaticalCase: Case, isInside: boolean): string[] {
    const hundreds = value - (value % 100)
    const rest = value % 100
    const tens = rest < 20 ? 0 : rest - (rest % 10)
    return [hundreds, tens, rest - tens]
      .filter((part) => part > 0)
      .map((part) => word(part, gender, grammaticalCase, isInside))
  }

  function word(value: number, gender: Gender, grammaticalCase: Case, isInside: boolean): string {
    const lifeless = grammaticalCase === 'genitive' ? 'genitive' : 'nominative'
    if (value === 1 && isInside && language.oneInsideNeverChanges)
      return pick(language.one.nominative, 'masculine')
    if (value === 1) return pick(language.one[grammaticalCase], gender)
    if (value === 2) return pick(language.two[lifeless], gender)
    return table.get(value)?.[lifeless] ?? ''
  }

  function inflected(value: number, { forms }: Noun, grammaticalCase: Case): string {
    const plural = rules.select(spokenNumber(value))
    return forms[grammaticalCase][plural === 'one' || plural === 'few' ? plural : 'many']
  }

  function count(value: number, noun: Noun, grammaticalCase: Case = 'nominative'): string {
    const counted = number(value, { gender: noun.gender, case: grammaticalCase })
    return `${counted} ${inflected(value, noun, grammaticalCase)}`
  }

  /** What a grammar says of numbers, with its own nouns. */
  function counting<Name extends string>(nouns: Record<Name | 'hour' | 'minute', Noun>) {
    return {
      number,
      count: (value: number, name: Name, grammaticalCase?: Case) =>
        count(value, nouns[name], grammaticalCase),
      minutes: (value: number, grammaticalCase?: Case) =>
        hoursAndMinutes(
          value,
          (hours) => count(hours, nouns.hour, grammaticalCase),
          (minutes) => count(minutes, nouns.minute, grammaticalCase),
        ),
    }
  }

  return { number, count, counting }
}

function pick(words: string, gender: Gender): string {
  const forms = words.split(' ')
  return forms[genders.indexOf(gender)] ?? forms[0] ?? ''
}

/** `80` minutes as one hour and twenty minutes. */
export function hoursAndMinutes(
  value: number,
  hours: (value: number) => string,
  minutes: (value: number) => string,
): string {
  const whole = spokenNumber(value)
  if (whole < 60) return minutes(whole)
  const rest = whole % 60
  const full = hours((whole - rest) / 60)
  return rest === 0 ? full : `${full} ${minutes(rest)}`
}
