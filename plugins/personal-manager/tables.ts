import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** A client with a manager of his own, as a person has set it. */
export type ClientsTable = {
  phone: string
  /** As JSON. */
  steps: string
  by: string
  changed_at: number
}

export type ManagerTables = { personal_manager_clients: ClientsTable }

export const migrations: Record<string, Migration> = {
  '001-clients': {
    async up({ schema }: Kysely<unknown>) {
      await schema
        .createTable('personal_manager_clients')
        .addColumn('phone', 'varchar(16)', (column) => column.primaryKey())
        .addColumn('steps', 'text', (column) => column.notNull())
        .addColumn('by', 'varchar(100)', (column) => column.notNull())
        .addColumn('changed_at', 'bigint', (column) => column.notNull())
        .execute()
    },
  },
}
