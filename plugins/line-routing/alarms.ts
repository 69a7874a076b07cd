/** People are told that a line failed: by a message at once, then by calls until somebody takes care of it. */
import { createHash } from 'node:crypto'
import type { Kysely } from 'kysely'
import { reasonOf } from '#core/errors.ts'
import type { Caller, Services } from '#core/plugin.ts'
import type { Moment } from '#core/schema.ts'
import type { Settings } from './settings.ts'
import type { AlarmsTable, LineRoutingTables } from './tables.ts'
import { words } from './words.ts'

export const place = 'line-alarm'

export interface Alarms {
  raise(trunk: string, because: string): void
  /** It works again. */
  lower(trunk: string): void
  /** Goes on with those of an earlier life of ours. */
  resume(left: readonly AlarmsTable[]): void
  /** What whoever is rung hears. */
  flow(caller: Caller): Promise<void>
}

export interface AlarmParts extends Pick<Services, 'calls' | 'cleanup' | 'clock' | 'log' | 'messages'> {
  database: Kysely<LineRoutingTables>
  settings: Settings['alarm']
}

/** A line that comes and goes: within this of its last failure, in milliseconds … */
const quiet = 15 * 60_000
/** … people are told only if it stays away for so long; still within the minute. */
const settled = 15_000

export function openAlarms(parts: AlarmParts): Alarms {
  const { calls, cleanup, clock, database, log, messages, settings } = parts
  const raised = new Map<string, { row: AlarmsTable; over: AbortController }>()
  /** When each was raised last, and of which people know. */
  const lately = new Map<string, Moment>()
  const known = new Set<string>()
  cleanup.defer(() => {
    for (const { over } of raised.values()) over.abort(new Error('the house closes'))
  })

  function begin(row: AlarmsTable) {
    const over = new AbortController()
    raised.set(row.trunk, { row, over })
    pursue(row, over.signal).catch((thrown: unknown) => {
      if (!over.signal.aborted)
        log.error({ trunk: row.trunk, err: thrown }, 'Telling people of a line that does not work broke off')
    })
  }

  async function pursue(row: AlarmsTable, signal: AbortSignal) {
    if (isAgain(row)) await pauseUntil(row.since + settled, signal)
    known.add(row.trunk)
    await tell(row, {
      event: 'failed',
      subject: `Line ${row.trunk} does not work`,
      text: `The line ${row.trunk} does not work: ${row.because}. Calls leave by other lines where there are any.`,
    })
    if (row.taken_at !== null || settings.phones.length === 0) return
    await pauseUntil(row.since + settings.after * 1_000, signal)
    for (let round = 0; round < settings.rounds; round += 1) {
      for (const [index, phone] of settings.phones.entries()) {
        await ring(row, phone, round * settings.phones.length + index, signal)
        if (row.taken_at !== null || signal.aborted) return
      }
      await clock.sleep(settings.pause * 1_000, signal)
    }
    log.error({ trunk: row.trunk }, 'Nobody took care of a line that does not work')
  }

  function isAgain({ trunk, since }: AlarmsTable): boolean {
    const before = lately.get(trunk)
    lately.set(trunk, since)
    return before !== undefined && since - before < quiet
  }

  async function ring(row: AlarmsTable, to: string, step: number, signal: AbortSignal) {
    const id = idOf(row, step)
    const because = `the line ${row.trunk} does not work`
    const order = { id, to, place, about: { trunk: row.trunk }, because, ringFor: settings.ringFor }
    const outcome = await calls.ring(order, signal).catch((thrown: unknown) => {
      if (!signal.aborted) log.warn({ reason: reasonOf(thrown) }, 'Nobody could be rung about a line')
      return 'failed' as const
    })
    if (outcome === 'answered') await ended(id, signal)
  }

  async function ended(id: string, signal: AbortSignal) {
    const call = calls.find(id)
    if (!call) return
    const { promise, resolve } = Promise.withResolvers<void>()
    const done = () => resolve()
    for (const each of [call.signal, signal]) each.addEventListener('abort', done, { once: true })
    if (call.signal.aborted || signal.aborted) done()
    await promise
  }

  async function pauseUntil(moment: number, signal: AbortSignal) {
    if (moment > clock.now()) await clock.sleep(moment - clock.now(), signal)
  }

  async function tell(
    { trunk, since, because }: AlarmsTable,
    { event, ...said }: { event: string; subject: string; text: string },
  ) {
    const id = `line/${trunk}/${since}/${event}`
    await messages
      .tell({ id, to: 'responsible', about: 'lines', because, ...said })
      .catch((thrown: unknown) =>
        log.error(
          { trunk, reason: reasonOf(thrown) },
          'A message about a line could not be sent; the alarm goes on',
        ),
      )
  }

  const written = (work: Promise<unknown>) =>
    work.catch((thrown: unknown) =>
      log.error({ reason: reasonOf(thrown) }, 'An alarm could not be written down'),
    )

  return {
    raise(trunk, because) {
      if (raised.has(trunk)) return
      const row = { trunk, since: clock.now(), because, taken_at: null }
      void written(database.insertInto('line_routing_alarms').values(row).execute())
      begin(row)
    },

    lower(trunk) {
      const alarm = raised.get(trunk)
      if (!alarm) return
      raised.delete(trunk)
      alarm.over.abort(new Error('the line works again'))
      void written(database.deleteFrom('line_routing_alarms').where('trunk', '=', trunk).execute())
      if (!known.delete(trunk)) return
      const again = {
        event: 'works',
        subject: `Line ${trunk} works again`,
        text: `The line ${trunk} works again.`,
      }
      void tell(alarm.row, again)
    },

    resume(left) {
      for (const row of left) begin(row)
    },

    async flow(caller) {
      const trunk = caller.call.errand?.about.trunk ?? ''
      const chosen = await caller.choose(words.lineFailed({ line: trunk }), { 1: 'taken' }, { attempts: 3 })
      if (chosen !== 'taken') return
      const alarm = raised.get(trunk)
      if (alarm) alarm.row.taken_at = clock.now()
      const taken = { taken_at: clock.now() }
      void written(
        database.updateTable('line_routing_alarms').set(taken).where('trunk', '=', trunk).execute(),
      )
      caller.served('takes care of the line')
      await caller.say(words.taken)
    },
  }
}

/** The same step of the same alarm is the same call, whoever asks again after a restart. */
function idOf({ trunk, since }: AlarmsTable, step: number): string {
  const hash = createHash('sha256').update(`${trunk} ${since} ${step}`).digest('hex')
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    `a${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ].join('-')
}
