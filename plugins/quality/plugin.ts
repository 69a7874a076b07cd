import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { schedule } from 'node-cron'
import { openLocalTime } from '#core/calendar.ts'
import { latestMoves } from '#core/database/latest-moves.ts'
import { lineCalledLast } from '#core/database/line-called-last.ts'
import { asKept } from '#core/phones.ts'
import { definePlugin } from '#core/plugin.ts'
import { takeComplaint } from './complaint-flow.ts'
import { openComplaints } from './complaints.ts'
import { openFeedback } from './feedback.ts'
import { openLastWord } from './last-word.ts'
import { askForMarks, type Question } from './mark-flow.ts'
import { openMarks } from './marks.ts'
import { openOperators } from './operators.ts'
import { qualityRoutes } from './routes.ts'
import { Settings } from './settings.ts'
import { openSurveyDesk } from './survey-desk.ts'
import { openSurveys } from './surveys.ts'
import { migrations, type QualityTables } from './tables.ts'
import { openTrips } from './trips.ts'
import { words } from './words.ts'

const complaintPlace = 'complaints'
const surveyPlace = 'quality-survey'
/** Moves told so many milliseconds before the start may have been cut off by a kill; heard twice they count once. */
const unheardFor = 2 * 60_000
/** What could not be told is tried again so often, and whenever the dispatch program is back. */
const tellAgainAt = '*/5 * * * *'
const pruneAt = '45 4 * * *'
const day = 24 * 60 * 60_000

export const plugin = definePlugin({
  name: 'quality',
  about: 'Takes complaints by voice and asks clients for marks of drivers and dispatchers.',
  settings: Settings,
  words,
  migrations,

  async start(services) {
    const { bus, calls, cleanup, clock, dispatch, http, intents, journal, log } = services
    const { messages, phones, places, reception, settings, site, speech } = services
    const database = services.database.withTables<QualityTables>()
    const folder = join(site.dataFolder, 'complaints')
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const closing = new AbortController()
    const { signal } = closing

    const operators = await openOperators({ bus, database, now: clock.now() })
    const trips = openTrips({ clock, database, dispatch, log, signal })
    const marks = openMarks({ bus, clock, database })
    const feedback = openFeedback({
      clock,
      database,
      dispatch,
      intents,
      log,
      signal,
      subjects: settings.writeBack,
    })
    const surveys = openSurveys({ clock, database, rest: settings.restDays * day })
    const complaints = await openComplaints({
      bus,
      calls,
      cleanup,
      clock,
      database,
      folder,
      log,
      messages,
      shortest: settings.complaints.shortest,
      site,
      speech,
      trips,
    })
    const desk = openSurveyDesk({
      bus,
      calls,
      clock,
      dispatch,
      lineOf: (phone) => lineCalledLast(database, phone),
      localTime: openLocalTime(site.timeZone),
      log,
      place: surveyPlace,
      reception,
      settings: settings.afterTrip,
      signal,
      surveys,
      trips,
    })
    cleanup.defer(async () => {
      closing.abort(new Error('the house closes'))
      await desk.closed()
    })

    const complaintLines = new Set(settings.complaints.lines.map((line) => asKept(line, phones)))
    reception.screen((call) =>
      complaintLines.has(asKept(call.to, phones)) || complaintLines.has(asKept(call.line.number, phones))
        ? { sendTo: complaintPlace, because: 'the complaint line' }
        : 'welcome',
    )
    places.offer(complaintPlace, (caller) =>
      takeComplaint(caller, { clock, complaints, settings: settings.complaints }),
    )
    bus.on('call.waiting', ({ call }) => complaints.end(call))
    bus.on('call.talking', ({ call }) => complaints.end(call))
    bus.on('call.ended', ({ call }) => complaints.end(call))
    cleanup.defer(calls.onRecordingFinished((recording) => noted(complaints.take(recording))))
    cleanup.defer(calls.onRecovered(() => noted(complaints.recover())))

    places.offer(surveyPlace, async (caller) => {
      const { errand, id, from } = caller.call
      const questions = await questionsOf(errand?.about ?? {}, id, from)
      const { operatorsPlace } = settings.complaints
      await askForMarks(caller, questions, { marks, settings, operatorsPlace }, [words.greeting])
    })
    reception.seeOff(openLastWord({ bus, clock, marks, operators, settings, surveys }))

    bus.on('order.stage-changed', (fact) => heardStage(fact))
    bus.on('call.offered', ({ from }) => {
      if (from !== undefined) desk.heardCaller(from)
    })
    bus.on('quality.marked', () => void feedback.tell())
    bus.on('connection.changed', ({ neighbour, state }) => {
      if (neighbour === 'dispatch' && state === 'connected') void feedback.tell()
    })
    http.register(qualityRoutes({ clock, complaints, folder, marks, surveys }))

    const pruning = schedule(pruneAt, () => noted(prune()), { timezone: site.timeZone })
    const telling = schedule(tellAgainAt, () => feedback.tell())
    cleanup.defer(() => pruning.destroy())
    cleanup.defer(() => telling.destroy())

    await desk.resume()
    void feedback.tell()
    for (const fact of await latestMoves(journal, clock.now() - unheardFor)) void noted(heardStage(fact))

    async function heardStage(fact: Parameters<typeof trips.note>[0]) {
      if (fact.stage !== 'client_in_car' && fact.stage !== 'done') return
      await trips.note(fact)
      if (fact.stage === 'done') await desk.heardDone(fact.order)
    }

    async function questionsOf(
      { survey = '', order }: Readonly<Record<string, string>>,
      call: string,
      phone = '',
    ): Promise<Question[]> {
      const trip = order === undefined ? undefined : await trips.find(order)
      if (!trip) return []
      const about = { survey, call, order_id: trip.order_id, phone, car: trip.car }
      const { driver, dispatcher } = trip
      return [
        ...(driver === null
          ? []
          : [{ about: { ...about, subject: 'driver', who: driver } as const, text: words.rateDriver }]),
        ...(dispatcher === null
          ? []
          : [
              {
                about: { ...about, subject: 'dispatcher', who: operators.at(dispatcher), car: null } as const,
                text: words.rateDispatcher,
              },
            ]),
      ]
    }

    async function prune() {
      const before = clock.now() - settings.complaints.keepDays * day
      await complaints.prune(before)
      await marks.prune(before)
      await surveys.prune(before)
      await trips.prune(before)
    }

    function noted(work: Promise<unknown>) {
      return work.catch((thrown: unknown) => {
        if (!signal.aborted)
          log.error(
            { err: thrown },
            'Something beside the conversations failed; callers were served without it',
          )
      })
    }
  },
})
