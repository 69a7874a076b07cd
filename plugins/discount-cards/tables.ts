import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** What a card gives the next order of a number. */
export type PresetsTable = {
  call: string
  phone: string
  tariff: string | null
  discount: string | null
  at: number
  /** The order that has it. */
  order_id: string | null
}

export type CardTables = { discount_cards_presets: PresetsTable }

export const migrations: Record<string, Migration> = {
  '001-presets': {
    async up(database: Kysely<unknown>) {
      await database.schema
        .createTable('discount_cards_presets')
        .addColumn('call', 'varchar(64)', (column) => column.primaryKey())
        .addColumn('phone', 'varchar(20)', (column) => column.notNull())
        .addColumn('tariff', 'varchar(64)')
        .addColumn('discount', 'varchar(64)')
        .addColumn('at', 'bigint', (column) => column.notNull())
        .addColumn('order_id', 'varchar(64)')
        .execute()
      await database.schema
        .createIndex('discount_cards_presets_by_phone')
        .on('discount_cards_presets')
        .columns(['phone', 'at'])
        .execute()
    },
  },
}
