/**
 * Global attributes of the dispatch program while a mark-up is in effect. What stood there before is written
 * down first, so that it comes back whoever is killed in between; what somebody else wrote meanwhile stays.
 */
import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import { reasonOf } from '#core/errors.ts'
import type { Attribute, Dispatch } from '#core/ports/dispatch.ts'
import type { Known } from './book.ts'
import type { Standing } from './rules.ts'
import type { Settings } from './settings.ts'
import type { KeptTable, WeatherTables } from './tables.ts'

type Value = Attribute['value']
type Target = Settings['attributes'][number]

/** `written` has every value of ours that may stand there. */
interface Kept {
  attribute: string
  before: Value
  written: readonly Value[]
}

export function openAttributes(parts: {
  database: Kysely<WeatherTables>
  dispatch: Pick<Dispatch, 'attributes' | 'setAttribute'>
  log: Logger
  targets: readonly Target[]
  standingFor(zone: string | undefined): { standing: Standing; known: Known | undefined }
}) {
  const { database, dispatch, log, targets, standingFor } = parts

  const keep = ({ attribute, before, written }: Kept) => {
    const row = { attribute, before: JSON.stringify(before), written: JSON.stringify(written) }
    return database
      .insertInto('weather_tariffs_kept')
      .values(row)
      .onConflict((conflict) => conflict.column('attribute').doUpdateSet({ written: row.written }))
      .execute()
  }

  const isOthers = (attribute: string) =>
    log.warn({ attribute }, 'Somebody else has changed an attribute of the weather; it stays as it is')

  async function set(id: string, value: Value, signal: AbortSignal) {
    const outcome = await dispatch.setAttribute({ id, value }, signal)
    if (outcome === 'refused') throw new Error(`the dispatch program does not take attribute ${id}`)
  }

  async function putOn(
    { id }: Target,
    value: Value,
    now: Value | undefined,
    kept: Kept | undefined,
    signal: AbortSignal,
  ) {
    if (now === undefined) throw new Error(`the dispatch program has no attribute ${id}`)
    const { before, written }: Omit<Kept, 'attribute'> = kept ?? { before: now, written: [] }
    if (now !== before && !written.includes(now)) return isOthers(id)
    // Until it is done, either may stand there, whoever is killed or refuses.
    await keep({ attribute: id, before, written: [...written, value] })
    if (now !== value) await set(id, value, signal)
    await keep({ attribute: id, before, written: [value] })
  }

  async function putBack({ attribute, before, written }: Kept, now: Value | undefined, signal: AbortSignal) {
    if (now !== before) {
      if (now !== undefined && written.includes(now)) await set(attribute, before, signal)
      else isOthers(attribute)
    }
    await database.deleteFrom('weather_tariffs_kept').where('attribute', '=', attribute).execute()
  }

  return {
    /** Brings every attribute to what it ought to show now; one that is refused keeps no other from it. */
    async bring(signal: AbortSignal): Promise<void> {
      const rows = await database.selectFrom('weather_tariffs_kept').selectAll().execute()
      if (targets.length === 0 && rows.length === 0) return
      const kept = new Map(rows.map((row) => [row.attribute, toKept(row)]))
      const values = new Map((await dispatch.attributes(signal)).map(({ id, value }) => [id, value]))
      const wanted = targets.flatMap((target) => {
        const value = shown(target, standingFor(target.zone))
        return value === undefined ? [] : [{ target, value }]
      })
      const held = new Set(wanted.map(({ target }) => target.id))
      const failures: unknown[] = []
      const tried = (work: Promise<void>) => work.catch((thrown: unknown) => void failures.push(thrown))
      for (const { target, value } of wanted)
        await tried(putOn(target, value, values.get(target.id), kept.get(target.id), signal))
      for (const each of kept.values())
        if (!held.has(each.attribute)) await tried(putBack(each, values.get(each.attribute), signal))
      if (failures.length > 0) throw new Error(failures.map(reasonOf).join('; '), { cause: failures[0] })
    },
  }
}

function toKept({ attribute, before, written }: KeptTable): Kept {
  const values = JSON.parse(written) as Value | Value[]
  return {
    attribute,
    before: JSON.parse(before) as Value,
    written: Array.isArray(values) ? values : [values],
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
