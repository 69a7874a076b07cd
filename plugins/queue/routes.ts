import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import type { Kysely } from 'kysely'
import type { Clock } from '#core/clock.ts'
import { CallbusError } from '#core/errors.ts'
import { whoIs } from '#core/http/auth.ts'
import { CallId, Moment, oneOf, Type } from '#core/schema.ts'
import { type Alarm, alarmKinds } from './alarms.ts'
import type { Desk } from './desk.ts'
import type { QueueEngine } from './engine.ts'
import {
  abandonRate,
  countEntries,
  operatorsOf,
  outcomesOf,
  promisesOf,
  serviceLevel,
  serviceLevels,
  waitsOf,
} from './figures.ts'
import { operatorStates } from './operator-state.ts'
import type { QueueJournal } from './queue-journal.ts'
import type { Roster } from './roster.ts'
import { type Settings, StrategySettings } from './settings.ts'
import type { StrategyBook } from './strategy-book.ts'
import type { QueueTables } from './tables.ts'

const Operator = Type.Object({
  id: Type.String(),
  name: Type.String(),
  extension: Type.Optional(Type.String()),
  state: oneOf(operatorStates),
  since: Moment,
  reason: Type.Optional(Type.String()),
  call: Type.Optional(CallId),
  flags: Type.Array(oneOf(alarmKinds), { description: 'What a supervisor should look at.' }),
})
const Queue = Type.Object({
  name: Type.String(),
  strategy: StrategySettings,
  atWork: Type.Number({
    description: 'Operators at work here; one who serves several queues counts in part.',
  }),
  waiting: Type.Array(
    Type.Object({
      entry: Type.String(),
      call: CallId,
      position: Type.Integer(),
      since: Moment,
      arrivedAt: Moment,
      priority: Type.Number(),
      isRinging: Type.Boolean(),
    }),
  ),
})
const Seconds = Type.Optional(Type.Number())
const Share = Type.Optional(Type.Number({ description: 'From 0 to 1; absent when there is no data.' }))
const Figures = Type.Object({
  offered: Type.Integer(),
  answered: Type.Integer(),
  abandoned: Type.Integer(),
  outcomes: Type.Record(Type.String(), Type.Integer()),
  serviceLevel: Share,
  definition: oneOf(serviceLevels),
  inTime: Type.Integer({ description: 'Seconds that count as in time.' }),
  abandonRate: Share,
  averageAnswer: Seconds,
  median: Seconds,
  p90: Seconds,
  longest: Seconds,
  promises: Type.Object({ told: Type.Integer(), kept: Share }),
})
const Times = Type.Object({
  operator: Type.String(),
  ready: Type.Number(),
  ringing: Type.Number(),
  talking: Type.Number(),
  wrapUp: Type.Number(),
  notReady: Type.Number(),
  occupancy: Share,
  utilisation: Share,
  offers: Type.Integer(),
  answered: Type.Integer(),
  answerShare: Share,
})
const Named = Type.Object({ queue: Type.String({ maxLength: 40 }) })
const Who = Type.Object({ operator: Type.String({ maxLength: 60 }) })
const Period = { from: Moment, until: Moment }
const shortAbandon = 5_000

export function queueRoutes(house: {
  clock: Clock
  database: Pick<Kysely<QueueTables>, 'selectFrom'>
  desk: Desk
  engine: QueueEngine
  journal: QueueJournal
  roster: Roster
  settings: Settings
  strategies: StrategyBook
  flagsOf(operator: string): readonly Alarm[]
  changeStrategy(queue: string, strategy: StrategySettings, by: string): void
}): FastifyPluginAsync {
  const { clock, database, desk, engine, journal, roster, settings, strategies } = house

  function operatorNamed(id: string) {
    const found = roster.list().find((each) => each.id === id)
    if (!found) throw new CallbusError('NOT_FOUND', { what: `operator ${id}` })
    const { state, ...about } = found
    return {
      ...about,
      state: state.is,
      since: state.since,
      ...(state.is === 'not_ready' && { reason: state.reason }),
      ...(state.is === 'talking' && { call: state.call }),
      flags: [...new Set(house.flagsOf(id).map(({ kind }) => kind))],
    }
  }

  function move(operator: string, move: Parameters<typeof asMove>[0]) {
    const before = operatorNamed(operator)
    desk.tell({ name: 'operator-moved', operator, move: asMove(move) })
    return { before, after: operatorNamed(operator) }
  }

  /** An operator acts for himself; for others, who may move anybody. */
  async function forHimself(request: FastifyRequest) {
    const { user, rights } = whoIs(request)
    const { operator } = request.params as { operator: string }
    const him = settings.operators.find(({ id }) => id === operator)
    if (rights.has('operators.move-any') || user.name === (him?.user ?? operator)) return
    throw new CallbusError('RIGHT_MISSING', { right: 'operators.move-any' })
  }

  const routes: FastifyPluginAsyncTypebox = async (http) => {
    http.get('/queues', {
      config: { right: 'queues.read' },
      schema: {
        summary: 'The queues of this moment and who waits in them.',
        response: { 200: Type.Array(Queue) },
      },
      handler: async () =>
        settings.queues.map(({ name }) => ({
          name,
          strategy: strategies.current(name),
          atWork: engine.atWork(name, clock.now()),
          waiting: engine.waiting(name).map(({ id, call, enteredAt, arrivedAt, base, offers }, index) => ({
            entry: id,
            call,
            position: index + 1,
            since: enteredAt,
            arrivedAt,
            priority: base,
            isRinging: offers.size > 0,
          })),
        })),
    })

    http.get('/operators', {
      config: { right: 'queues.read' },
      schema: { summary: 'The operators and what each does now.', response: { 200: Type.Array(Operator) } },
      handler: async () => roster.list().map(({ id }) => operatorNamed(id)),
    })

    http.post('/operators/:operator/sign-in', {
      config: { right: 'operators.move' },
      preHandler: forHimself,
      schema: {
        summary: 'The operator is here; calls follow him to this phone.',
        params: Who,
        body: Type.Object(
          { extension: Type.Optional(Type.String({ minLength: 1, maxLength: 60 })) },
          { additionalProperties: false },
        ),
        response: { 200: Operator },
      },
      handler: async ({ params: { operator }, body: { extension } }) => {
        const { state } = operatorNamed(operator)
        if (extension !== undefined && (state === 'ringing' || state === 'talking'))
          throw new CallbusError('REQUEST_INVALID', { mistakes: `${operator} is ${state} at another phone` })
        roster.seat(operator, extension)
        return move(operator, { to: 'signed-in' }).after
      },
    })

    http.post('/operators/:operator/:to', {
      config: { right: 'operators.move' },
      preHandler: forHimself,
      schema: {
        summary:
          'Makes the operator ready, pauses him with a reason, or signs him out; during a talk from its end.',
        params: Type.Object({ ...Who.properties, to: oneOf(['ready', 'pause', 'sign-out']) }),
        body: Type.Object(
          { reason: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })) },
          { additionalProperties: false },
        ),
        response: { 200: Operator },
      },
      handler: async ({ params: { operator, to }, body }) =>
        move(operator, { to, reason: body.reason }).after,
    })

    http.put('/queues/:queue/strategy', {
      config: { right: 'queues.edit' },
      schema: {
        summary: 'Offers the calls of this queue in another way, from the next call on.',
        params: Named,
        body: StrategySettings,
        response: { 200: StrategySettings },
      },
      handler: async (request) => {
        const { queue } = request.params
        strategies.change(queue, request.body, editor(request))
        house.changeStrategy(queue, request.body, editor(request))
        return request.body
      },
    })

    http.post('/queues/:queue/strategy/undo', {
      config: { right: 'queues.edit' },
      schema: {
        summary: 'Takes the last change of the strategy back.',
        params: Named,
        response: { 200: StrategySettings },
      },
      handler: async (request) => {
        const { queue } = request.params
        const strategy = strategies.undo(queue)
        house.changeStrategy(queue, strategy, editor(request))
        return strategy
      },
    })

    http.get('/figures', {
      config: { right: 'queues.read' },
      schema: {
        summary: 'The figures of a period; a call belongs to when it entered the queue.',
        querystring: Type.Object({
          ...Period,
          queue: Type.Optional(Type.String({ maxLength: 40 })),
          inTime: Type.Integer({ minimum: 1, maximum: 3_600, default: 20 }),
          definition: oneOf(serviceLevels, { default: 'default' }),
        }),
        response: { 200: Figures },
      },
      handler: async ({ query: { inTime, definition, ...period } }) => {
        await journal.flush()
        const counts = await countEntries(database, period, { inTime: inTime * 1_000, short: shortAbandon })
        return {
          offered: counts.offered,
          answered: counts.answered,
          abandoned: counts.abandoned,
          outcomes: await outcomesOf(database, period),
          ...withData({
            serviceLevel: serviceLevel(counts, definition),
            abandonRate: abandonRate(counts),
            ...(await waitsOf(database, period)),
          }),
          definition,
          inTime,
          promises: withData(await promisesOf(database, period)),
        }
      },
    })

    http.get('/figures/operators', {
      config: { right: 'queues.read' },
      schema: {
        summary: 'What the operators did in a period, in seconds.',
        querystring: Type.Object(Period),
        response: { 200: Type.Array(Times) },
      },
      handler: async ({ query }) => {
        await journal.flush()
        return (await operatorsOf(database, query)).map(withData)
      },
    })
  }
  return routes as FastifyPluginAsync
}

function asMove({
  to,
  reason,
}: {
  to: 'signed-in' | 'ready' | 'pause' | 'sign-out'
  reason?: string | undefined
}) {
  switch (to) {
    case 'signed-in':
    case 'ready':
      return { name: to } as const
    case 'sign-out':
      return { name: 'signed-out' } as const
    case 'pause':
      return { name: 'paused', reason: reason ?? 'pause' } as const
  }
}

type WithData<Row> = {
  [Key in keyof Row as undefined extends Row[Key] ? never : Key]: Row[Key]
} & {
  [Key in keyof Row as undefined extends Row[Key] ? Key : never]?: Exclude<Row[Key], undefined>
}

/** What there is no data for is absent. */
function withData<Row extends object>(row: Row): WithData<Row> {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined)) as WithData<Row>
}

function editor(request: FastifyRequest): string {
  return `user:${whoIs(request).user.name}`.slice(0, 100)
}
