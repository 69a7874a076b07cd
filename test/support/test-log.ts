import { type Logger, pino } from 'pino'

/** A log that keeps its lines for the test instead of printing them. */
export function openTestLog(): { log: Logger; lines: Record<string, unknown>[] } {
  const lines: Record<string, unknown>[] = []
  const log = pino({ base: null, timestamp: false }, { write: (line) => void lines.push(JSON.parse(line)) })
  return { log, lines }
}

export const silentLog: Logger = pino({ level: 'silent' })
