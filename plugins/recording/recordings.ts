import { randomUUID } from 'node:crypto'
import { readdir, rm, rmdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setImmediate as breathe } from 'node:timers/promises'
import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import type { CallBus } from '#core/call-bus/call-bus.ts'
import type { FactData } from '#core/call-bus/events.ts'
import type { Calls } from '#core/calls/calls.ts'
import { stopRecording, takeHome } from '#core/calls/take-home.ts'
import type { Clock } from '#core/clock.ts'
import { reasonOf } from '#core/errors.ts'
import { openTurns } from '#core/in-turn.ts'
import type { CallId, Moment } from '#core/schema.ts'
import { afterAbsence, nextState, type RecordingState } from './recording-state.ts'
import type { RecordingsTable, RecordingTables } from './tables.ts'

export interface Recording {
  id: string
  call: CallId
  operator: string
  startedAt: Moment
  seconds?: number
  state: RecordingState
}

/** The recordings of talks: begun at the exchange, taken into our folder, told of in the story. */
export interface Recordings {
  begin(talk: Pick<FactData<'call.talking'>, 'call' | 'leg' | 'with'>): Promise<void>
  end(call: CallId): Promise<void>
  /** The exchange has finished it: bring it home. */
  take(recording: string): Promise<void>
  /** After the exchange was away, or we were: looks at what is open and at what goes on. */
  recover(): Promise<void>
  /** Removes what is older than it may be; answers how many. */
  prune(keepDays: number): Promise<number>

  of(call: CallId): Promise<Recording[]>
  /** Where its sound is, below the folder; `undefined` when there is none. */
  fileOf(recording: string): Promise<string | undefined>
}

const day = 24 * 60 * 60 * 1000
/** What could not be taken is tried again after this long, and at each connection. */
const retryAfter = 60_000

export function openRecordings(options: {
  bus: CallBus
  calls: Pick<Calls, 'find' | 'startRecording' | 'stopRecording' | 'takeRecording'>
  cleanup: AsyncDisposableStack
  clock: Clock
  database: Kysely<RecordingTables>
  folder: string
  log: Logger
  timeZone: string
}): Recordings {
  const { bus, calls, cleanup, clock, database, folder, log } = options
  const turns = openTurns()
  /** Calls with a talk that nobody has ended yet: only those are worth a question to the database. */
  const talking = new Set<CallId>()
  const localDay = new Intl.DateTimeFormat('en-CA', { timeZone: options.timeZone, dateStyle: 'short' })
  let relax: (() => void) | undefined
  let isOpen = true
  cleanup.defer(async () => {
    isOpen = false
    relax?.()
    await turns.idle()
  })

  const rows = () => database.selectFrom('recording_recordings').selectAll()
  const find = (id: string) => rows().where('id', '=', id).executeTakeFirst()
  const openOf = (call: CallId) => rows().where('call', '=', call).where('state', '=', 'recording').execute()
  const change = async (id: string, values: Partial<RecordingsTable>) => {
    await database.updateTable('recording_recordings').set(values).where('id', '=', id).execute()
  }

  /** The row comes first: whatever is killed then, there is something to find the sound by. */
  async function begin({ call, leg, with: operator }: Parameters<Recordings['begin']>[0]) {
    const present = await openOf(call)
    if (present.some((row) => row.leg === leg && row.started_at !== null)) return

    const at = clock.now()
    const id = `rec-${randomUUID()}`
    const file = `${localDay.format(at)}/${id}.wav`
    await database
      .insertInto('recording_recordings')
      .values({ id, call, operator, leg, at, started_at: null, seconds: null, file, state: 'recording' })
      .execute()
    try {
      await calls.startRecording(call, id)
    } catch (thrown) {
      log.warn({ call, recording: id, reason: reasonOf(thrown) }, 'A talk is not recorded')
      return await settle(id, 'missing')
    }
    await change(id, { started_at: clock.now() })
    bus.publish('call.recording-started', { call, recording: id })
  }

  async function end(call: CallId) {
    for (const { id } of await openOf(call)) await stop(id)
  }

  /** False when the exchange could not be asked. */
  async function stop(recording: string): Promise<boolean> {
    const failure = await stopRecording(calls, recording)
    if (failure === undefined) return true
    log.warn({ recording, reason: failure }, 'A recording could not be stopped now')
    tryLater()
    return false
  }

  async function bringHome(id: string) {
    const row = await find(id)
    if (!row || row.state === 'stored') return

    const came = await takeHome(calls, id, join(folder, row.file))
    if (came.is !== 'away') return await settle(id, came.is, came.is === 'taken' ? came.seconds : 0)
    log.warn({ call: row.call, recording: id, reason: came.because }, 'A recording is taken later')
    tryLater()
  }

  async function settle(id: string, happening: 'taken' | 'missing', seconds = 0) {
    const row = await find(id)
    const state = row && nextState(row.state, happening)
    if (!row || !state) return
    await change(id, { state, seconds: state === 'stored' ? seconds : null })
    if (state === 'stored') bus.publish('call.recorded', { call: row.call, recording: id, seconds })
    else
      log.warn({ call: row.call, recording: id }, 'A recording is lost; the exchange has none of that name')
  }

  function tryLater() {
    if (!isOpen) return
    relax ??= clock.after(retryAfter, () => {
      relax = undefined
      recover().catch((thrown: unknown) => {
        log.error({ reason: reasonOf(thrown), err: thrown }, 'Open recordings could not be looked after')
        tryLater()
      })
    })
  }

  async function recover() {
    // Talks that outlived us are told of in this same turn of the loop.
    await breathe()
    for (const row of await rows().where('state', '=', 'recording').execute()) {
      const state = calls.find(row.call)?.state
      const talkGoesOn = state?.is === 'talking' && state.with === row.operator
      if (afterAbsence(talkGoesOn) === 'let it run') continue
      const isStopped = await turns.take(row.call, () => stop(row.id))
      if (isStopped) await turns.take(row.id, () => bringHome(row.id))
    }
  }

  return {
    begin(talk) {
      talking.add(talk.call)
      return turns.take(talk.call, () => begin(talk))
    },

    async end(call) {
      if (talking.delete(call)) await turns.take(call, () => end(call))
    },

    take: (recording) => turns.take(recording, () => bringHome(recording)),
    recover,

    async prune(keepDays) {
      if (keepDays === 0) return 0
      const limit = clock.now() - keepDays * day
      const old = await rows().where('at', '<', limit).where('state', '!=', 'recording').execute()
      for (const { id, file } of old) {
        await rm(join(folder, file), { force: true })
        await database.deleteFrom('recording_recordings').where('id', '=', id).execute()
      }
      for (const each of new Set(old.map(({ file }) => dirname(join(folder, file)))))
        await removeIfEmpty(each)
      if (old.length > 0) log.info({ recordings: old.length, keepDays }, 'Old recordings were removed')
      return old.length
    },

    async of(call) {
      const found = await rows().where('call', '=', call).orderBy('at').execute()
      return found.map(toRecording)
    },

    async fileOf(recording) {
      const row = await find(recording)
      if (row?.state !== 'stored') return undefined
      const isThere = await stat(join(folder, row.file)).then(
        () => true,
        () => false,
      )
      return isThere ? row.file : undefined
    },
  }
}

function toRecording({ id, call, operator, at, started_at, seconds, state }: RecordingsTable): Recording {
  return { id, call, operator, startedAt: started_at ?? at, state, ...(seconds === null ? {} : { seconds }) }
}

async function removeIfEmpty(folder: string) {
  const files = await readdir(folder).catch(() => ['unreadable'])
  if (files.length === 0) await rmdir(folder).catch(() => undefined)
}
