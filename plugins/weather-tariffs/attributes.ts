/**
 * Global attributes of the dispatch program while a mark-up is in effect. What stood there before is written
 * down first, so that it comes back whoever is killed in between; what somebody else wrote meanwhile stays.
 */
import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import type { Attribute, Dispatch } from '#core/ports/dispatch.ts'
import type { Known } from './book.ts'
import type { Standing } from './rules.ts'
import type { Settings } from './settings.ts'
import type { KeptTable, WeatherTables } from './tables.ts'

type Value = Attribute['value']
type Target = Settings['attributes'][number]

export function openAttributes(parts: {
  database: Kysely<WeatherTables>
  dispatch: Pick<Dispatch, 'attributes' | 'setAttribute'>
  log: Logger
  targets: readonly Target[]
  standingFor(zone: string | undefined): { standing: Standing; known: Known | undefined }
}) {
  const { database, dispatch, log, targets, standingFor } = parts

  const keep = (row: KeptTable) =>
    database
      .insertInto('weather_tariffs_kept')
      .values(row)
      .onConflict((conflict) => conflict.column('attribute').doUpdateSet({ written: row.written }))
      .execute()

  async function set(id: string, value: Value, signal: AbortSignal) {
    const outcome = await dispatch.setAttribute({ id, value }, signal)
    if (outcome === 'refused') throw new Error(`the dispatch program does not take attribute ${id}`)
  }

  async function putOn(target: Target, value: Value, now: Value | undefined, signal: AbortSignal) {
    if (now === undefined) throw new Error(`the dispatch program has no attribute ${target.id}`)
    await keep({ attribute: target.id, before: JSON.stringify(now), written: JSON.stringify(value) })
    if (now !== value) await set(target.id, value, signal)
  }

  async function putBack(
    { attribute, before, written }: KeptTable,
    now: Value | undefined,
    signal: AbortSignal,
  ) {
    const isOurs = JSON.stringify(now) === written
    if (isOurs && before !== written) await set(attribute, JSON.parse(before) as Value, signal)
    else if (!isOurs && JSON.stringify(now) !== before)
      log.warn({ attribute }, 'Somebody else has changed an attribute of the weather; it stays as it is')
    await database.deleteFrom('weather_tariffs_kept').where('attribute', '=', attribute).execute()
  }

  return {
    /** Brings every attribute to what it ought to show now. */
    async bring(signal: AbortSignal): Promise<void> {
      const kept = await database.selectFrom('weather_tariffs_kept').selectAll().execute()
      if (targets.length === 0 && kept.length === 0) return
      const values = new Map((await dispatch.attributes(signal)).map(({ id, value }) => [id, value]))
      const held = new Set<string>()
      for (const target of targets) {
        const value = shown(target, standingFor(target.zone))
        if (value === undefined) continue
        held.add(target.id)
        await putOn(target, value, values.get(target.id), signal)
      }
      for (const row of kept)
        if (!held.has(row.attribute)) await putBack(row, values.get(row.attribute), signal)
    },
  }
}

/** `undefined` for what stood there before. */
function shown(
  { shows }: Target,
  { standing, known }: ReturnType<Parameters<typeof openAttributes>[0]['standingFor']>,
): Value | undefined {
  if (standing.rise === 0) return undefined
  switch (shows) {
    case 'rise':
      return standing.rise
    case 'is-on':
      return true
    case 'rule':
      return standing.rules[0] ?? standing.because
    default:
      return known?.weather[shows]
  }
}
