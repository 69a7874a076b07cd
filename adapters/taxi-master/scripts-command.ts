import { parseArgs } from 'node:util'
import { stringify } from 'yaml'
import type { OwnCall, OwnCommand } from '#core/own-command.ts'
import type { DoorSettings } from './door/settings.ts'
import type { Settings } from './settings.ts'

/** What `scripts` may make of a name; any other word of the site's own will do. */
const usualActions = 'assigned, arrived, delayed, no-car, cancelled'
const day = 24 * 60 * 60_000

interface SeenScript {
  /** As it was last written. */
  name: string
  times: number
  /** `undefined` when it was never started. */
  lastAt: number | undefined
  action: string | undefined
}

/** `callbus taxi-master-scripts [--days 30]`: which scripts Taxi-Master starts, and what they stand for. */
export const scriptsCommand: OwnCommand<typeof Settings> = {
  about: 'Lists the scripts that Taxi-Master starts, and prints the settings for those without an action.',
  async run(call) {
    const { settings, print } = call
    if (!settings.door) {
      print(
        'The settings have no `door`, so Taxi-Master cannot start anything here. See adapters/taxi-master/README.md.',
      )
      return 1
    }
    const days = daysOf(call.words)
    if (days === undefined) {
      print('Write a number of days after --days, for example --days 30')
      return 2
    }
    const since = Date.now() - days * day
    const joins = await call.facts('join.requested', since)
    const seen = await scriptsSince(since, settings.door.scripts, call)
    const lines = seen.map(
      ({ action, ...script }) => [script, action ? `→ ${action}` : 'not mapped'] as const,
    )
    const last = joins.at(-1)
    if (last) lines.push([{ name: 'TMABConnect', times: joins.length, lastAt: last.at }, 'joins two phones'])
    print(
      lines.length > 0 ? `Started in the last ${days} days:\n` : 'Taxi-Master has started no script so far.',
    )
    for (const line of lines) print(toLine(...line))

    if (seen.some(({ action }) => !action)) print(toSettings(seen))
    return 0
  },
}

function daysOf(args: string[]): number | undefined {
  const options = { days: { type: 'string', default: '30' } } as const
  const days = Number(parseArgs({ args, options, strict: false }).values.days)
  return days > 0 ? days : undefined
}

/** The most frequent first; those that are mapped and never came last. */
async function scriptsSince(
  since: number,
  mapped: DoorSettings['scripts'],
  { facts }: Pick<OwnCall, 'facts'>,
): Promise<SeenScript[]> {
  const seen = new Map<string, SeenScript>()
  for (const [name, action] of Object.entries(mapped)) {
    seen.set(name.toLowerCase(), { name, times: 0, lastAt: undefined, action })
  }
  for (const { at, data } of await facts('callback.requested', since)) {
    const key = data.script.toLowerCase()
    const before = seen.get(key)
    seen.set(key, { name: data.script, times: (before?.times ?? 0) + 1, lastAt: at, action: before?.action })
  }
  return [...seen.values()].sort((one, other) => other.times - one.times)
}

function toLine({ name, times, lastAt }: Omit<SeenScript, 'action'>, outcome: string): string {
  const last =
    lastAt === undefined ? 'never' : `last ${new Date(lastAt).toLocaleString('sv-SE').slice(0, 16)}`
  return `  ${name.padEnd(24)} ${String(times).padStart(7)} ×   ${last.padEnd(22)} ${outcome}`
}

/** Lines to paste: what is mapped stays, what is not waits behind a `#` for its word. */
function toSettings(seen: readonly SeenScript[]): string {
  const scripts = Object.fromEntries(seen.flatMap(({ name, action }) => (action ? [[name, action]] : [])))
  const known = Object.keys(scripts).length > 0 ? { scripts } : { scripts: null }
  const text = stringify({ adapters: { 'taxi-master': { door: known } } }, { nullStr: '' }).trimEnd()
  const missing = seen
    .filter(({ action }) => !action)
    .map(({ name }) => `        # ${stringify(name).trim()}: `)
  return [
    '',
    `Give each its action (${usualActions}, or a word of your own) in the settings:`,
    '',
    text,
    ...missing,
  ].join('\n')
}
