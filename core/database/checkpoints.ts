/**
 * SQLite writes ahead into a log and, now and then, carries the log over into its file and waits for the disk.
 * A thread of its own does that, so that no caller waits with it.
 */
import { Worker } from 'node:worker_threads'
import { sql } from 'kysely'
import type { Logger } from 'pino'
import { reasonOf } from '../errors.ts'
import type { Database } from './tables.ts'

/** Pages in the log after which SQLite would do it by itself; its own default. */
const byItself = 1_000

export async function keepCheckpoints(house: {
  database: Database
  file: string
  log: Logger
}): Promise<AsyncDisposable> {
  const { database, file, log } = house
  const setByItself = (pages: number) => sql.raw(`pragma wal_autocheckpoint = ${pages}`).execute(database)

  const worker = new Worker(new URL('./checkpoint-worker.ts', import.meta.url), { workerData: { file } })
  worker.unref()
  const { promise: gone, resolve: leave } = Promise.withResolvers<void>()
  worker.on('exit', () => leave())
  worker.on('error', (thrown) => {
    log.warn({ reason: reasonOf(thrown) }, 'Checkpoints are made between calls again')
    setByItself(byItself).catch(() => undefined)
  })
  await setByItself(0)

  return {
    async [Symbol.asyncDispose]() {
      worker.ref()
      worker.postMessage('close')
      await gone
    },
  }
}
