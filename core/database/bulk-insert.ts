/**
 * Inserts of many rows whose SQL is made once for a few numbers of rows: building it anew for each batch, and
 * preparing each text in the database, costs more than storing.
 */
import type { CompiledQuery, Transaction } from 'kysely'
import type { Tables } from './tables.ts'

/** Rows in one statement, largest first; both databases bound the number of values. */
const sizes = [256, 64, 16, 4, 1]

export type BulkInsert<Row> = (transaction: Transaction<Tables>, rows: readonly Row[]) => Promise<void>

/** `compile` makes the statement for rows whose members come in the order of `columns`. */
export function bulkInsert<Row extends object>(
  columns: readonly (keyof Row)[],
  compile: (rows: Row[]) => CompiledQuery,
): BulkInsert<Row> {
  const statements = new Map<number, CompiledQuery>()
  const ordered = (row: Row) => Object.fromEntries(columns.map((column) => [column, row[column]])) as Row

  function statementFor(rows: readonly Row[]): CompiledQuery {
    const known = statements.get(rows.length) ?? compile(rows.map(ordered))
    statements.set(rows.length, known)
    return known
  }

  return async (transaction, rows) => {
    for (const part of inParts(rows)) {
      const parameters = part.flatMap((row) => columns.map((column) => row[column]))
      await transaction.executeQuery({ ...statementFor(part), parameters })
    }
  }
}

function* inParts<Row>(rows: readonly Row[]): Generator<readonly Row[]> {
  let from = 0
  for (const size of sizes) {
    for (; rows.length - from >= size; from += size) yield rows.slice(from, from + size)
  }
}
