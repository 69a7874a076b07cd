import { parentPort, workerData } from 'node:worker_threads'
import Sqlite from 'better-sqlite3'

/** Milliseconds. */
const every = 1_000

const { file } = workerData as { file: string }
const sqlite = new Sqlite(file, { timeout: 0 })
const timer = setInterval(() => {
  try {
    sqlite.pragma('wal_checkpoint(PASSIVE)')
  } catch {
    // Locked by somebody: the next one comes in a moment.
  }
}, every)

parentPort?.once('message', () => {
  clearInterval(timer)
  sqlite.close()
})
