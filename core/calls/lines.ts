import type { Plugin } from '../plugin.ts'
import type { Settings } from '../settings.ts'
import type { Line } from './call.ts'
import { inOrderOfVerdicts } from './order-of-verdicts.ts'

/** The company's numbers as its settings describe them; one that lists no screens asks every plugin. */
export function toLines(
  { lines, site }: Pick<Settings, 'lines' | 'site'>,
  plugins: readonly Plugin[],
): Line[] {
  const all = inOrderOfVerdicts(plugins)
  return lines.map((line) => ({
    number: line.number,
    name: line.name,
    language: line.language ?? site.language,
    screens: line.screens ?? all,
    fallback: line.fallback,
    ...aboutLine(line),
  }))
}

function aboutLine({ city, brand, crewGroup, tariff, venue }: Settings['lines'][number]): Partial<Line> {
  const known = Object.entries({ city, brand, crewGroup, tariff, venue })
  return Object.fromEntries(known.filter(([, value]) => value !== undefined))
}
