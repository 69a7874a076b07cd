import { type DestinationStream, type Logger, pino } from 'pino'
import { maskPhones } from './masking.ts'

/** The house's log: one JSON line each, phone numbers masked in this one place, whoever forgot. */
export function openLog({
  level = 'info',
  destination,
}: {
  level?: string
  destination?: DestinationStream
} = {}): Logger {
  const options = { level, base: null, hooks: { streamWrite: maskPhones } }
  return destination ? pino(options, destination) : pino(options)
}
