/** Number plates are read letter by letter, digits singly or in pairs, with a pause after each. */

/** Latin letters and the Cyrillic ones that look the same on a plate. */
const twins = new Map(
  [...'ABEKMHOPCTYXI'].map((latin, index) => [latin, [...'АВЕКМНОРСТУХІ'][index] ?? latin]),
)
const twinsBack = new Map([...twins].map(([latin, cyrillic]) => [cyrillic, latin]))

/** Cyrillic letters without a twin, for languages that read Latin. */
const latinOf: Record<string, string> = {
  Б: 'B',
  Г: 'G',
  Ґ: 'G',
  Д: 'D',
  Є: 'E',
  Ё: 'E',
  Ж: 'Z',
  З: 'Z',
  И: 'I',
  Й: 'J',
  Ї: 'I',
  Л: 'L',
  П: 'P',
  Ф: 'F',
  Ц: 'C',
  Ч: 'C',
  Ш: 'S',
  Щ: 'S',
  Ы: 'Y',
  Э: 'E',
  Ю: 'U',
  Я: 'A',
}

export interface PlateReading {
  /** What each letter is called: `{ A: 'a', B: 'be' }`. */
  latin: Record<string, string>
  /** Present when the language reads Cyrillic; look-alikes are then read as Cyrillic. */
  cyrillic?: Record<string, string>
  digits: 'singly' | 'in pairs'
  number(value: number): string
}

/** Makes the reader of one language; letters that have no name in it are passed over. */
export function plateReader(reading: PlateReading) {
  const toNames = reading.cyrillic
    ? cyrillicNames(reading.latin, reading.cyrillic)
    : latinNames(reading.latin)

  return (plate: string | undefined): string | undefined => {
    const runs =
      plate
        ?.normalize('NFKC')
        .toUpperCase()
        .match(/[0-9]+|\p{L}+/gu) ?? []
    const nameOf = toNames(runs.join(''))
    const read = runs.flatMap((run) => (/^[0-9]/.test(run) ? digits(run, reading) : [...run].flatMap(nameOf)))
    return read.length > 0 ? read.join(', ') : undefined
  }
}

/** A letter that only Latin has makes the whole plate a Latin one, unless Cyrillic is there as well. */
function cyrillicNames(latin: Record<string, string>, cyrillic: Record<string, string>) {
  return (plate: string) => {
    const isForeign =
      /[A-Z]/.test(plate.replace(/[ABEKMHOPCTYXI]/g, '')) && !/\p{Script=Cyrillic}/u.test(plate)
    return (letter: string) => {
      const seen = isForeign ? letter : (twins.get(letter) ?? letter)
      return cyrillic[seen] ?? latin[seen] ?? latin[letter] ?? []
    }
  }
}

function latinNames(latin: Record<string, string>) {
  return () => (letter: string) => latin[twinsBack.get(letter) ?? latinOf[letter] ?? letter] ?? []
}

function digits(run: string, { digits: manner, number }: PlateReading): string[] {
  if (manner === 'singly') return [...run].map((digit) => number(Number(digit)))
  const odd = run.length % 2
  const pairs = run.slice(odd).match(/../g) ?? []
  return [...(odd ? [run.slice(0, 1)] : []), ...pairs].map((part) => {
    const zero = part.length === 2 && part.startsWith('0')
    return zero ? `${number(0)} ${number(Number(part))}` : number(Number(part))
  })
}

/** `'A a, B be'` as a table. */
export function letterNames(list: string): Record<string, string> {
  return Object.fromEntries(
    list.split(', ').map((entry) => {
      const [letter = '', ...name] = entry.split(' ')
      return [letter, name.join(' ')]
    }),
  )
}
