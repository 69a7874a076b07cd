import { randomUUID } from 'node:crypto'
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as breathe } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { CallBus } from '#core/call-bus/call-bus.ts'
import type { Calls } from '#core/calls/calls.ts'
import { stopRecording, takeHome } from '#core/calls/take-home.ts'
import type { Clock } from '#core/clock.ts'
import { CallbusError, reasonOf } from '#core/errors.ts'
import { openTurns } from '#core/in-turn.ts'
import type { Call, Services } from '#core/plugin.ts'
import type { Speech } from '#core/ports/speech.ts'
import { type CallId, languages, type Moment, type OrderId } from '#core/schema.ts'
import { toLetter } from './letter.ts'
import type { ComplaintRow, ComplaintState, QualityDatabase } from './tables.ts'
import type { Trips } from './trips.ts'

export interface ComplaintsAsked {
  state?: ComplaintState | undefined
  before?: Moment | undefined
  limit: number
}

/** Complaints: recorded at the exchange, brought home, told to those responsible, answered. */
export interface Complaints {
  /** An earlier life of ours has begun one in this call, and it is still recorded. */
  goesOn(call: CallId): Promise<boolean>
  /** False when it cannot be recorded. */
  begin(call: Call): Promise<boolean>
  end(call: CallId): Promise<void>
  /** The exchange has finished a recording, perhaps one of ours. */
  take(recording: string): Promise<void>
  /** Takes up what is open after the exchange was away, or we were. */
  recover(): Promise<void>
  /** Newest first. */
  list(asked: ComplaintsAsked): Promise<ComplaintRow[]>
  /** Rejects with NOT_FOUND. */
  answer(id: string, answer: string, by: string): Promise<ComplaintRow>
  /** Where its sound is, below the folder; `undefined` when there is none. */
  fileOf(id: string): Promise<string | undefined>
  prune(before: Moment): Promise<void>
}

const prefix = 'complaint-'
/** What could not be done with the exchange is tried again after so many milliseconds, and at each connection. */
const retryAfter = 60_000
/** Those responsible wait so long for the text, in milliseconds; then they have the sound alone. */
const transcribedWithin = 120_000

export async function openComplaints(parts: {
  bus: CallBus
  calls: Pick<Calls, 'find' | 'startRecording' | 'stopRecording' | 'takeRecording'>
  cleanup: AsyncDisposableStack
  clock: Clock
  database: QualityDatabase
  folder: string
  log: Logger
  messages: Services['messages']
  shortest: number
  site: Pick<Services['site'], 'language' | 'timeZone'>
  speech: Speech | undefined
  trips: Pick<Trips, 'find' | 'latestOf'>
}): Promise<Complaints> {
  const { bus, calls, cleanup, clock, database, folder, log, trips } = parts
  const turns = openTurns()
  const closing = new AbortController()
  const localDay = new Intl.DateTimeFormat('en-CA', { timeZone: parts.site.timeZone, dateStyle: 'short' })
  let relax: (() => void) | undefined
  cleanup.defer(async () => {
    closing.abort(new Error('the house closes'))
    relax?.()
    await turns.idle()
  })

  const rows = () => database.selectFrom('quality_complaints').selectAll()
  const find = (id: string) => rows().where('id', '=', id).executeTakeFirst()
  const openOf = (call: CallId) => rows().where('call', '=', call).where('state', '=', 'recording').execute()
  const change = async (id: string, values: Partial<ComplaintRow>) => {
    await database.updateTable('quality_complaints').set(values).where('id', '=', id).execute()
  }

  const recorded = new Set((await rows().where('state', '=', 'recording').execute()).map(({ call }) => call))

  /** The order he calls about: his current one, or that of his latest trip. */
  async function orderOf({ from, identity }: Call): Promise<OrderId | undefined> {
    const known = await identity
    if (known.lookedUp && known.card.order) return known.card.order.id
    return from === undefined ? undefined : (await trips.latestOf(from))?.order_id
  }

  /** The row comes first: whatever is killed then, there is something to find the sound by. */
  async function begin(call: Call): Promise<boolean> {
    const order = await orderOf(call)
    const at = clock.now()
    const id = `${prefix}${randomUUID()}`
    const row: ComplaintRow = {
      id,
      call: call.id,
      phone: call.from ?? null,
      line: call.line.name,
      language: call.language,
      order_id: order ?? null,
      at,
      file: `${localDay.format(at)}/${id}.wav`,
      seconds: null,
      state: 'recording',
      told_at: null,
      transcript: null,
      answer: null,
      answered_by: null,
      answered_at: null,
    }
    await database.insertInto('quality_complaints').values(row).execute()
    recorded.add(call.id)
    if (order !== undefined) bus.publish('call.about-order', { call: call.id, order, by: 'quality' })
    try {
      await calls.startRecording(call.id, id)
      return true
    } catch (thrown) {
      log.warn({ call: call.id, complaint: id, reason: reasonOf(thrown) }, 'A complaint is not recorded')
      recorded.delete(call.id)
      // Nobody needs to be told: an operator hears it now. What is handed in after all is told of.
      await change(id, { state: 'lost', told_at: at })
      return false
    }
  }

  /** False when the exchange could not be asked. */
  async function stop(id: string): Promise<boolean> {
    const failure = await stopRecording(calls, id)
    if (failure === undefined) return true
    log.warn({ complaint: id, reason: failure }, 'A complaint could not be closed now')
    tryLater()
    return false
  }

  async function bringHome(id: string) {
    const row = await find(id)
    if (!row || (row.state !== 'recording' && row.state !== 'lost')) return
    const came = await takeHome(calls, id, join(folder, row.file))
    if (came.is === 'away') {
      log.warn({ call: row.call, complaint: id, reason: came.because }, 'A complaint is taken later')
      return tryLater()
    }
    if (came.is === 'missing') return await settle(row, { state: 'lost' })
    const isEmpty = came.seconds < parts.shortest
    await settle(row, { state: isEmpty ? 'empty' : 'new', seconds: came.seconds, told_at: null })
  }

  async function settle(row: ComplaintRow, values: Partial<ComplaintRow> & { state: ComplaintState }) {
    if (row.state === values.state) return
    await change(row.id, values)
    if (values.state === 'empty') return
    const { seconds } = values
    bus.publish('complaint.taken', {
      call: row.call,
      complaint: row.id,
      ...(row.order_id !== null && { order: row.order_id }),
      ...(typeof seconds === 'number' && { seconds }),
    })
    await tell({ ...row, ...values })
  }

  /** Told again under the same id it is told once, so a kill before it is noted does no harm. */
  async function tell(row: ComplaintRow) {
    const sound = row.state === 'lost' ? undefined : join(folder, row.file)
    const transcript = sound === undefined ? null : (row.transcript ?? (await transcribe(row, sound)))
    const trip = row.order_id === null ? undefined : await trips.find(row.order_id)
    const letter = toLetter({ ...row, transcript }, trip, parts.site, sound)
    await parts.messages.tell(sound === undefined ? { ...letter, id: `${letter.id}-lost` } : letter)
    await change(row.id, { told_at: clock.now(), transcript })
  }

  async function transcribe({ id, language: spoken }: ComplaintRow, sound: string): Promise<string | null> {
    const language = languages.find((each) => each === spoken)
    if (!parts.speech || !language) return null
    const late = new AbortController()
    const takeBack = clock.after(transcribedWithin, () => late.abort(new Error('it took too long')))
    try {
      return await parts.speech.transcribe(sound, language, AbortSignal.any([late.signal, closing.signal]))
    } catch (thrown) {
      closing.signal.throwIfAborted()
      log.warn({ complaint: id, reason: reasonOf(thrown) }, 'A complaint is told of without its text')
      return null
    } finally {
      takeBack()
    }
  }

  function tryLater() {
    if (closing.signal.aborted) return
    relax ??= clock.after(retryAfter, () => {
      relax = undefined
      void lookAfter()
    })
  }

  const lookAfter = () =>
    recover().catch((thrown: unknown) => {
      log.error({ reason: reasonOf(thrown), err: thrown }, 'Open complaints could not be looked after')
      tryLater()
    })

  async function recover() {
    // Calls that outlived us are told of in this same turn of the loop.
    await breathe()
    for (const row of await rows().where('state', '=', 'recording').execute()) {
      const state = calls.find(row.call)?.state.is
      if (state === 'ringing' || state === 'conversing') continue
      if (await turns.take(row.call, () => stop(row.id))) await turns.take(row.id, () => bringHome(row.id))
    }
    const untold = rows().where('state', 'in', ['new', 'lost']).where('told_at', 'is', null)
    for (const { id } of await untold.execute()) await turns.take(id, () => tellUntold(id))
  }

  async function tellUntold(id: string) {
    const row = await find(id)
    if (row && row.told_at === null) await tell(row)
  }

  return {
    goesOn: async (call) => (await openOf(call)).length > 0,
    begin: (call) => turns.take(call.id, () => begin(call)),
    async end(call) {
      if (!recorded.delete(call)) return
      await turns.take(call, async () => {
        for (const { id } of await openOf(call)) await stop(id)
      })
    },
    async take(recording) {
      if (!recording.startsWith(prefix)) return
      await turns
        .take(recording, () => bringHome(recording))
        .catch((thrown: unknown) => {
          log.error({ complaint: recording, reason: reasonOf(thrown) }, 'A complaint is told of later')
          tryLater()
        })
    },
    recover: lookAfter,

    async list({ state, before, limit }) {
      let found = rows().orderBy('at', 'desc').limit(limit)
      if (state !== undefined) found = found.where('state', '=', state)
      if (before !== undefined) found = found.where('at', '<', before)
      return await found.execute()
    },

    async answer(id, answer, by) {
      const row = await find(id)
      if (!row) throw new CallbusError('NOT_FOUND', { what: `complaint ${id}` })
      if (row.state === 'recording') throw new CallbusError('CONFLICT', { what: `complaint ${id}` })
      const values = { state: 'answered', answer, answered_by: by, answered_at: clock.now() } as const
      await change(id, values)
      bus.publish('complaint.answered', { call: row.call, complaint: id, by })
      return { ...row, ...values }
    },

    async fileOf(id) {
      const row = await find(id)
      if (!row || row.seconds === null) return undefined
      const isThere = await stat(join(folder, row.file)).then(
        () => true,
        () => false,
      )
      return isThere ? row.file : undefined
    },

    async prune(before) {
      const old = await rows().where('at', '<', before).where('state', '!=', 'recording').execute()
      for (const { id, file } of old) {
        await rm(join(folder, file), { force: true })
        await database.deleteFrom('quality_complaints').where('id', '=', id).execute()
      }
    },
  }
}
