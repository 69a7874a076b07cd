import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export type StandingsTable = {
  zone: string
  rise: number
  /** JSON: names of rules. */
  holding: string
  /** JSON: names of rules. */
  rules: string
  because: string
  by: string
  changed_at: number | null
  /** JSON: the weather known last. */
  weather: string | null
  weather_from: string | null
}

export type ChangesTable = {
  id: number
  zone: string
  at: number
  before: number
  rise: number
  rules: string
  because: string
  by: string
  weather: string | null
  /** When it was carried out. */
  done_at: number | null
}

export type OverridesTable = { zone: string; rise: number; until: number; by: string; because: string }

/** JSON: what stood in a global attribute before we wrote there, and the values we wrote (one, of older versions). */
export type KeptTable = { attribute: string; before: string; written: string }

export type WeatherTables = {
  weather_tariffs_standings: StandingsTable
  weather_tariffs_changes: ChangesTable
  weather_tariffs_overrides: OverridesTable
  weather_tariffs_kept: KeptTable
  weather_tariffs_switch: { name: string; is_off: number }
}

export const migrations: Record<string, Migration> = {
  '001-weather-tariffs': {
    async up(database: Kysely<unknown>) {
      await database.schema
        .createTable('weather_tariffs_standings')
        .addColumn('zone', 'varchar(60)', (column) => column.primaryKey())
        .addColumn('rise', 'real', (column) => column.notNull())
        .addColumn('holding', 'text', (column) => column.notNull())
        .addColumn('rules', 'text', (column) => column.notNull())
        .addColumn('because', 'varchar(500)', (column) => column.notNull())
        .addColumn('by', 'varchar(100)', (column) => column.notNull())
        .addColumn('changed_at', 'bigint')
        .addColumn('weather', 'text')
        .addColumn('weather_from', 'varchar(30)')
        .execute()
      await database.schema
        .createTable('weather_tariffs_changes')
        .addColumn('id', 'integer', (column) => column.primaryKey())
        .addColumn('zone', 'varchar(60)', (column) => column.notNull())
        .addColumn('at', 'bigint', (column) => column.notNull())
        .addColumn('before', 'real', (column) => column.notNull())
        .addColumn('rise', 'real', (column) => column.notNull())
        .addColumn('rules', 'text', (column) => column.notNull())
        .addColumn('because', 'varchar(500)', (column) => column.notNull())
        .addColumn('by', 'varchar(100)', (column) => column.notNull())
        .addColumn('weather', 'text')
        .execute()
      await database.schema
        .createTable('weather_tariffs_overrides')
        .addColumn('zone', 'varchar(60)', (column) => column.primaryKey())
        .addColumn('rise', 'real', (column) => column.notNull())
        .addColumn('until', 'bigint', (column) => column.notNull())
        .addColumn('by', 'varchar(100)', (column) => column.notNull())
        .addColumn('because', 'varchar(500)', (column) => column.notNull())
        .execute()
      await database.schema
        .createTable('weather_tariffs_kept')
        .addColumn('attribute', 'varchar(60)', (column) => column.primaryKey())
        .addColumn('before', 'text', (column) => column.notNull())
        .addColumn('written', 'text', (column) => column.notNull())
        .execute()
      await database.schema
        .createTable('weather_tariffs_switch')
        .addColumn('name', 'varchar(10)', (column) => column.primaryKey())
        .addColumn('is_off', 'integer', (column) => column.notNull())
        .execute()
    },
  },
  '002-changes-carried-out': {
    async up(database: Kysely<WeatherTables>) {
      await database.schema.alterTable('weather_tariffs_changes').addColumn('done_at', 'bigint').execute()
      // What was changed before this was written down has long been carried out.
      await database
        .updateTable('weather_tariffs_changes')
        .set(({ ref }) => ({ done_at: ref('at') }))
        .execute()
    },
  },
}
