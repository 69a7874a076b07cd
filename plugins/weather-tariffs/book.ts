/** How each zone stands and how it came to that, kept over a restart. */
import type { Kysely } from 'kysely'
import type { Moment } from '#core/schema.ts'
import { calm, type Override, type Standing } from './rules.ts'
import type { ChangesTable, StandingsTable, WeatherTables } from './tables.ts'
import type { Weather } from './weather.ts'

export interface Known {
  weather: Weather
  /** The provider. */
  from: string
}

export interface Change extends Pick<Standing, 'zone' | 'rise' | 'rules' | 'because' | 'by'> {
  id: number
  at: Moment
  before: number
  weather?: Weather
  /** When the dispatch program had carried it out. */
  doneAt?: Moment
}

export type Book = Awaited<ReturnType<typeof openBook>>

const onlySwitch = 'all'

export async function openBook(database: Kysely<WeatherTables>) {
  const rows = await database.selectFrom('weather_tariffs_standings').selectAll().execute()
  const standings = new Map(rows.map((row) => [row.zone, toStanding(row)]))
  const known = new Map(rows.flatMap((row) => toKnown(row)))
  /** What the database has of each zone. */
  const written = new Map<string, string>()
  const overrides = new Map<string, Override>()
  for (const { zone, ...override } of await database
    .selectFrom('weather_tariffs_overrides')
    .selectAll()
    .execute())
    overrides.set(zone, override)
  const switched = await database.selectFrom('weather_tariffs_switch').selectAll().executeTakeFirst()
  let isOff = switched?.is_off === 1
  const last = await database
    .selectFrom('weather_tariffs_changes')
    .select(({ fn }) => fn.max('id').as('id'))
    .executeTakeFirst()
  let lastChange = Number(last?.id ?? 0)

  const rowOf = (standing: Standing): StandingsTable => {
    const own = known.get(standing.zone)
    return {
      zone: standing.zone,
      rise: standing.rise,
      holding: JSON.stringify(standing.on),
      rules: JSON.stringify(standing.rules),
      because: standing.because,
      by: standing.by,
      changed_at: standing.changedAt ?? null,
      weather: own ? JSON.stringify(own.weather) : null,
      weather_from: own?.from ?? null,
    }
  }

  return {
    get isOff() {
      return isOff
    },
    of: (zone: string) => standings.get(zone) ?? calm(zone),
    /** Also of zones that are not in the settings any more. */
    zones: () => [...standings.keys()],
    known: (zone: string) => known.get(zone),
    override: (zone: string) => overrides.get(zone),

    learn(zone: string, seen: Known) {
      known.set(zone, seen)
    },

    /** Writes how a zone stands now, and what changed if its mark-up did. */
    async stands(standing: Standing, at: Moment): Promise<Change | undefined> {
      const before = standings.get(standing.zone)?.rise ?? 0
      const hasChanged = before !== standing.rise
      const weather = known.get(standing.zone)?.weather
      const { zone, rise, rules, because, by } = standing
      const change: Change | undefined = hasChanged
        ? { id: lastChange + 1, zone, at, before, rise, rules, because, by, ...(weather && { weather }) }
        : undefined
      const row = rowOf(standing)
      if (JSON.stringify(row) === written.get(zone)) return undefined
      await database.transaction().execute(async (within) => {
        await within
          .insertInto('weather_tariffs_standings')
          .values(row)
          .onConflict((conflict) => conflict.column('zone').doUpdateSet(row))
          .execute()
        if (change) await within.insertInto('weather_tariffs_changes').values(toRow(change)).execute()
      })
      written.set(zone, JSON.stringify(row))
      standings.set(zone, standing)
      if (change) lastChange = change.id
      return change
    },

    async lastOf(zone: string): Promise<Change | undefined> {
      const row = await database
        .selectFrom('weather_tariffs_changes')
        .selectAll()
        .where('zone', '=', zone)
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst()
      return row && toChange(row)
    },

    /** The latest first. */
    async history({ limit, before }: { limit: number; before?: number | undefined }): Promise<Change[]> {
      let query = database.selectFrom('weather_tariffs_changes').selectAll()
      if (before !== undefined) query = query.where('id', '<', before)
      return (await query.orderBy('id', 'desc').limit(limit).execute()).map(toChange)
    },

    async done(change: number, at: Moment) {
      await database
        .updateTable('weather_tariffs_changes')
        .set({ done_at: at })
        .where('id', '=', change)
        .where('done_at', 'is', null)
        .execute()
    },

    async setOverride(zone: string, override: Override | undefined) {
      await database.deleteFrom('weather_tariffs_overrides').where('zone', '=', zone).execute()
      overrides.delete(zone)
      if (!override) return
      await database
        .insertInto('weather_tariffs_overrides')
        .values({ zone, ...override })
        .execute()
      overrides.set(zone, override)
    },

    async switchOff(off: boolean) {
      const row = { name: onlySwitch, is_off: Number(off) }
      await database
        .insertInto('weather_tariffs_switch')
        .values(row)
        .onConflict((conflict) => conflict.column('name').doUpdateSet(row))
        .execute()
      isOff = off
    },
  }
}

function toStanding(row: StandingsTable): Standing {
  return {
    zone: row.zone,
    on: JSON.parse(row.holding) as string[],
    rise: row.rise,
    rules: JSON.parse(row.rules) as string[],
    because: row.because,
    by: row.by,
    ...(row.changed_at !== null && { changedAt: Number(row.changed_at) }),
  }
}

function toKnown({ zone, weather, weather_from: from }: StandingsTable): [string, Known][] {
  return weather === null ? [] : [[zone, { weather: JSON.parse(weather) as Weather, from: from ?? '' }]]
}

function toRow({ weather, rules, doneAt, ...change }: Change): ChangesTable {
  return {
    ...change,
    done_at: doneAt ?? null,
    because: change.because.slice(0, 500),
    rules: JSON.stringify(rules),
    weather: weather ? JSON.stringify(weather) : null,
  }
}

function toChange({ weather, rules, done_at: doneAt, ...row }: ChangesTable): Change {
  return {
    ...row,
    at: Number(row.at),
    rules: JSON.parse(rules) as string[],
    ...(weather !== null && { weather: JSON.parse(weather) as Weather }),
    ...(doneAt !== null && { doneAt: Number(doneAt) }),
  }
}
