import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { Value } from 'typebox/value'
import { reasonOf } from '#core/errors.ts'
import type { OwnCommand } from '#core/own-command.ts'
import { Type } from '#core/schema.ts'
import { dryRun, type Span } from './dry-run.ts'
import { toPolicy } from './policy.ts'
import { fromArchive } from './providers/open-meteo.ts'
import type { Settings } from './settings.ts'
import { Weather } from './weather.ts'

const Readings = Type.Object({ readings: Type.Array(Weather) })

/** `callbus weather-dry-run archive.json`: when the rules of the site would have fired, and what for. */
export const dryRunCommand: OwnCommand<typeof Settings> = {
  about: 'Says when the weather rules would have fired over past weather.',
  takes: 'FILE [--zone NAME] [--json]',
  async run({ settings, words, print, timeZone }) {
    const { file, zone, isJson } = wishOf(words)
    if (file === undefined) {
      print('Name a file: the hourly answer of an Open-Meteo archive, or {"readings": […]}.')
      return 2
    }
    if (settings.rules.length === 0) {
      print('The settings have no `plugins.weather-tariffs.rules`. See plugins/weather-tariffs/README.md.')
      return 1
    }
    const readings = await readingsIn(file)
    if (typeof readings === 'string') {
      print(readings)
      return 1
    }
    const run = dryRun(readings, toPolicy(settings, timeZone), {
      zone: zone ?? settings.zones[0]?.name ?? 'somewhere',
      lastKnownFor: settings.lastKnownFor * 60_000,
    })
    if (isJson) {
      print(JSON.stringify(run, null, 2))
      return 0
    }
    const when = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' })
    const toLine = ({ from, to, rise, because }: Span) =>
      `  ${when.format(from)} – ${when.format(to)}  +${rise} %  ${because}`
    print(
      `${when.format(run.from)} – ${when.format(run.to)}: ${run.changes} changes, ${Math.round(run.hours * 10) / 10} hours with a mark-up.`,
    )
    for (const span of run.spans) print(toLine(span))
    return 0
  },
}

function wishOf(args: string[]) {
  const { values, positionals } = parseArgs({
    args,
    options: { site: { type: 'string' }, zone: { type: 'string' }, json: { type: 'boolean' } },
    allowPositionals: true,
    strict: false,
  })
  const zone = typeof values.zone === 'string' ? values.zone : undefined
  return { file: positionals[0], zone, isJson: values.json === true }
}

/** Or a sentence on why there are none. */
async function readingsIn(file: string): Promise<Weather[] | string> {
  try {
    const given: unknown = JSON.parse(await readFile(file, 'utf8'))
    const readings = Value.Check(Readings, given) ? given.readings : fromArchive(given)
    return readings ?? `${file} holds neither \`readings\` nor the \`hourly\` weather of an archive.`
  } catch (thrown) {
    return `${file} cannot be read: ${reasonOf(thrown)}`
  }
}
