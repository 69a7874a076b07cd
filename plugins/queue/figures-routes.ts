import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import type { LocalTime } from '#core/calendar.ts'
import type { Clock } from '#core/clock.ts'
import { whoIs } from '#core/http/auth.ts'
import { maskedCopy } from '#core/masking.ts'
import type { Services } from '#core/plugin.ts'
import { Type } from '#core/schema.ts'
import { type EntryFigures, entryFigures, type Limits } from './entry-figures.ts'
import { callRows, entryRows, timeRows } from './figure-rows.ts'
import { type FigureDatabase, share } from './figure-tables.ts'
import { abandonRate, type ServiceLevel, serviceLevel } from './figures.ts'
import * as views from './figures-views.ts'
import { withData } from './figures-views.ts'
import { cut, type Interval, type Step } from './intervals.ts'
import { ledgerOf } from './lost-calls.ts'
import { operatorFigures } from './operator-figures.ts'
import type { QueueJournal } from './queue-journal.ts'
import type { Roster } from './roster.ts'
import type { Settings } from './settings.ts'

export function figuresRoutes(house: {
  clock: Clock
  database: FigureDatabase
  facts: Services['journal']
  journal: QueueJournal
  localTime: LocalTime
  roster: Roster
  settings: Settings
}): FastifyPluginAsync {
  const { clock, database, facts, journal, localTime, roster, settings } = house

  /** What happened a moment ago counts too. */
  async function written() {
    await journal.flush()
    await facts.flush()
  }

  /** The whole first, then its pieces. */
  function pieces({ step, ...period }: Interval & { step?: Step | undefined }) {
    const whole = { from: period.from, until: period.until }
    const [all = whole] = cut(whole, undefined, localTime)
    return step === undefined ? [all] : [all, ...cut(whole, step, localTime)]
  }

  const routes: FastifyPluginAsyncTypebox = async (http) => {
    http.get('/figures', {
      config: { right: 'queues.read' },
      schema: {
        summary: 'The figures of a period; a call belongs to when it entered the queue.',
        querystring: views.FiguresAsked,
        response: { 200: views.Figures },
      },
      handler: async ({ query: { definition, queue, ...asked } }) => {
        await written()
        const intervals = pieces(asked)
        const found = await entryFigures(database, { intervals, queue, limits: toLimits(asked) })
        const [total, ...parts] = intervals.map((_, n) =>
          toFigures(
            found.find((each) => each.n === n),
            definition,
          ),
        )
        return {
          ...(total ?? toFigures(undefined, definition)),
          definition,
          inTime: asked.inTime,
          ...(asked.step !== undefined && {
            intervals: parts.map((part, n) => ({ ...(intervals[n + 1] ?? asked), ...part })),
          }),
        }
      },
    })

    http.get('/figures/rows', {
      config: { right: 'queues.read' },
      schema: {
        summary: 'The stays in queues behind a figure, the oldest first.',
        querystring: views.RowsAsked,
        response: { 200: views.EntryRows },
      },
      handler: async (request) => {
        await written()
        const { from, until, ...asked } = request.query
        const rows = await entryRows(
          database,
          withData({ ...asked, interval: { from, until }, limits: toLimits(asked) }),
        )
        return shown(rows, request)
      },
    })

    http.get('/figures/operators', {
      config: { right: 'queues.read' },
      schema: {
        summary: 'What the operators did in a period, in seconds, and what came of their calls.',
        querystring: views.OperatorsAsked,
        response: { 200: Type.Array(views.Times) },
      },
      handler: async ({ query: { queue, ...asked } }) => {
        await written()
        const intervals = asked.step === undefined ? pieces(asked) : pieces(asked).slice(1)
        const limits = toLimits(asked)
        const calls = await entryFigures(database, { intervals, queue, limits, byOperator: true })
        const doing = roster.list().map(({ id, state }) => ({ operator: id, state }))
        const did = await operatorFigures(database, {
          intervals,
          doing,
          settings,
          localTime,
          now: clock.now(),
        })
        return did.map(({ n, ...figures }) => {
          const his = calls.find((each) => each.n === n && each.operator === figures.operator)
          const answered = his?.counts.answered ?? 0
          return withData({
            from: intervals[n]?.from ?? asked.from,
            until: intervals[n]?.until ?? asked.until,
            ...figures,
            averageHandling: his?.handling.mean,
            transferRate: share(his?.transferred ?? 0, answered),
            repeatRate: share(his?.repeated ?? 0, answered),
          })
        })
      },
    })

    http.get('/figures/operators/rows', {
      config: { right: 'queues.read' },
      schema: {
        summary: 'What an operator did, one thing after another.',
        querystring: views.TimesAsked,
        response: { 200: views.TimeRows },
      },
      handler: async ({ query: { from, until, ...asked } }) => {
        await written()
        return await timeRows(database, { ...asked, interval: { from, until } })
      },
    })

    http.get('/figures/lost', {
      config: { right: 'queues.read' },
      schema: {
        summary: 'What came of the calls of a period as a whole: the ledger of lost calls.',
        querystring: views.LostAsked,
        response: { 200: views.Lost },
      },
      handler: async ({ query }) => {
        await written()
        const intervals = pieces(query)
        const [total, ...parts] = (await ledgerOf(database, intervals)).map(({ n: _, ...ledger }) =>
          withData(ledger),
        )
        return {
          ...(total ?? { calls: 0, results: {} }),
          ...(query.step !== undefined && {
            intervals: parts.map((part, n) => ({ ...(intervals[n + 1] ?? query), ...part })),
          }),
        }
      },
    })

    http.get('/figures/lost/rows', {
      config: { right: 'queues.read' },
      schema: {
        summary: 'The calls behind the ledger, the oldest first.',
        querystring: views.CallsAsked,
        response: { 200: views.CallRows },
      },
      handler: async (request) => {
        await written()
        const { from, until, ...asked } = request.query
        return shown(await callRows(database, withData({ ...asked, interval: { from, until } })), request)
      },
    })
  }
  return routes as FastifyPluginAsync
}

function toLimits({
  inTime,
  short,
  repeatWithin,
}: {
  inTime: number
  short: number
  repeatWithin: number
}): Limits {
  return { inTime: inTime * 1_000, short: short * 1_000, repeatWithin: repeatWithin * 3_600_000 }
}

function toFigures(found: EntryFigures | undefined, definition: ServiceLevel) {
  const counts = found?.counts ?? {
    offered: 0,
    answered: 0,
    abandoned: 0,
    shortAbandons: 0,
    answeredInTime: 0,
    abandonedInTime: 0,
  }
  const { waits, abandons, handling, told = 0, promisesKept = 0, transferred = 0, repeated = 0 } = found ?? {}
  return {
    offered: counts.offered,
    answered: counts.answered,
    abandoned: counts.abandoned,
    shortAbandons: counts.shortAbandons,
    outcomes: found?.outcomes ?? {},
    promises: withData({ told, kept: share(promisesKept, told) }),
    ...withData({
      serviceLevel: serviceLevel(counts, definition),
      abandonRate: abandonRate(counts),
      abandonRateRaw: abandonRate(counts, true),
      averageAnswer: waits?.mean,
      median: waits?.median,
      p90: waits?.p90,
      longest: waits?.longest,
      averageAbandon: abandons?.mean,
      averageHandling: handling?.mean,
      medianHandling: handling?.median,
      p90Handling: handling?.p90,
      averageTalk: handling?.talk,
      averageHold: handling?.hold,
      averageWrapUp: handling?.wrapUp,
      transferRate: share(transferred, counts.answered),
      repeatRate: share(repeated, counts.answered),
    }),
  }
}

/** Phone numbers only for who may see them. */
function shown<Rows>(rows: Rows, request: FastifyRequest): Rows {
  return whoIs(request).rights.has('phones.read') ? rows : maskedCopy(rows)
}
