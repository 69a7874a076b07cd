import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import type { Clock } from '#core/clock.ts'
import { CallbusError } from '#core/errors.ts'
import { whoIs } from '#core/http/auth.ts'
import type { PhoneState } from '#core/ports/telephony.ts'
import { CallId, Moment, oneOf, Type } from '#core/schema.ts'
import { type Alarm, alarmKinds } from './alarms.ts'
import type { Desk } from './desk.ts'
import type { QueueEngine } from './engine.ts'
import { waitsFor } from './matching.ts'
import { offeredTo, operatorStates } from './operator-state.ts'
import type { Roster } from './roster.ts'
import { type Settings, StrategySettings } from './settings.ts'
import type { WayIn } from './sign-in.ts'
import type { StrategyBook } from './strategy-book.ts'
import type { Waiting } from './waiting-queue.ts'

const Operator = Type.Object({
  id: Type.String(),
  name: Type.String(),
  user: Type.String({ description: 'The name by which he signs in to Callbus.' }),
  extension: Type.Optional(Type.String()),
  state: oneOf(operatorStates),
  since: Moment,
  reason: Type.Optional(Type.String()),
  call: Type.Optional(CallId),
  next: Type.Optional(
    oneOf(['not_ready', 'signed_out'], { description: 'What follows his call, when it is not the next.' }),
  ),
  phone: Type.Optional(
    oneOf(['free', 'busy', 'away'], { description: 'What the exchange says of his phone.' }),
  ),
  flags: Type.Array(oneOf(alarmKinds), { description: 'What a supervisor should look at.' }),
})
const Queue = Type.Object({
  name: Type.String(),
  strategy: StrategySettings,
  isChanged: Type.Boolean({ description: 'It is not that of the settings; the change can be undone.' }),
  atWork: Type.Number({
    description: 'Operators at work here; one who serves several queues counts in part.',
  }),
  longestWait: Type.Optional(Type.Number({ description: 'Seconds, of those who wait now.' })),
  waiting: Type.Array(
    Type.Object({
      entry: Type.String(),
      call: CallId,
      position: Type.Integer(),
      since: Moment,
      arrivedAt: Moment,
      priority: Type.Number(),
      isRinging: Type.Boolean(),
      waitsFor: Type.Optional(Type.String({ description: 'The operator for whom alone he waits.' })),
      offeredTo: Type.Array(Type.String(), { description: 'Operators whose phones ring for him.' }),
      promisedAt: Type.Optional(
        Type.Integer({ description: 'When he will be served at the latest, as he was told.' }),
      ),
      isAway: Type.Boolean({ description: 'He has hung up and will be called back.' }),
    }),
  ),
})
const Named = Type.Object({ queue: Type.String({ maxLength: 40 }) })
const Who = Type.Object({ operator: Type.String({ maxLength: 60 }) })
const Elsewhere = Type.Object({ to: Type.String(), operator: Type.String() })

export function queueRoutes(house: {
  clock: Clock
  desk: Desk
  engine: QueueEngine
  roster: Roster
  settings: Settings
  strategies: StrategyBook
  signIn: WayIn
  phoneOf(extension: string): PhoneState | undefined
  flagsOf(operator: string): readonly Alarm[]
  hasPlace(name: string): boolean
  changeStrategy(queue: string, strategy: StrategySettings, by: string): void
}): FastifyPluginAsync {
  const { clock, desk, engine, roster, settings, strategies } = house

  function operatorNamed(id: string) {
    const found = roster.list().find((each) => each.id === id)
    if (!found) throw new CallbusError('NOT_FOUND', { what: `operator ${id}` })
    const { state, ...about } = found
    return {
      ...about,
      user: userOf(id),
      state: state.is,
      since: state.since,
      ...(state.is === 'not_ready' && { reason: state.reason }),
      ...(state.is === 'talking' && { call: state.call }),
      ...('next' in state && state.next.is !== 'ready' && { next: state.next.is }),
      ...phoneAt(about.extension),
      flags: [...new Set(house.flagsOf(id).map(({ kind }) => kind))],
    }
  }

  function userOf(operator: string) {
    return settings.operators.find(({ id }) => id === operator)?.user ?? operator
  }

  function move(operator: string, move: Parameters<typeof asMove>[0]) {
    const before = operatorNamed(operator)
    desk.tell({ name: 'operator-moved', operator, move: asMove(move) })
    return { before, after: operatorNamed(operator) }
  }

  function send(call: string, to: string, request: FastifyRequest): boolean {
    if (!house.hasPlace(to)) throw new CallbusError('NOT_FOUND', { what: `place ${to}` })
    return desk.move(call, to, `moved by ${editor(request)}`)
  }

  function give(call: string, operator: string, request: FastifyRequest): boolean {
    const { name, state, next } = operatorNamed(operator)
    if (state === 'signed_out' || state === 'not_ready' || next)
      throw new CallbusError('TALK_REFUSED', { call, because: `${name} takes no calls now` })
    return desk.give(call, { operator, seconds: settings.givenFor }, editor(request))
  }

  function forWhom(entry: Waiting) {
    const operator = waitsFor(entry)
    return operator === undefined ? {} : { waitsFor: operator }
  }

  function phoneAt(extension: string | undefined) {
    const phone = extension === undefined ? undefined : house.phoneOf(extension)
    return phone === undefined ? {} : { phone }
  }

  function longestWait(queue: string) {
    const since = engine.waiting(queue).flatMap(({ holdsSince }) => holdsSince ?? [])
    return since.length > 0 ? { longestWait: (clock.now() - Math.min(...since)) / 1_000 } : {}
  }

  /** An operator acts for himself; for others, who may move anybody. */
  async function forHimself(request: FastifyRequest) {
    const { user, rights } = whoIs(request)
    const { operator } = request.params as { operator: string }
    if (rights.has('operators.move-any') || user.name === userOf(operator)) return
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
          isChanged: strategies.changed(name) !== undefined,
          atWork: engine.atWork(name, clock.now()),
          ...longestWait(name),
          waiting: engine.waiting(name).map((each, index) => ({
            entry: each.id,
            call: each.call,
            position: index + 1,
            since: each.enteredAt,
            arrivedAt: each.arrivedAt,
            priority: each.base,
            isRinging: each.offers.size > 0,
            ...forWhom(each),
            offeredTo: [...each.offers.keys()],
            isAway: each.away !== undefined,
            ...(Number.isFinite(each.promisedAt) && { promisedAt: each.promisedAt }),
          })),
        })),
    })

    http.get('/operators', {
      config: { right: 'queues.read' },
      schema: { summary: 'The operators and what each does now.', response: { 200: Type.Array(Operator) } },
      handler: async () => roster.list().map(({ id }) => operatorNamed(id)),
    })

    http.get('/pause-reasons', {
      config: { right: 'queues.read' },
      schema: {
        summary: 'What operators here make pauses for, in the order of the settings.',
        response: { 200: Type.Array(Type.String()) },
      },
      handler: async () => settings.pauseReasons,
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
        operatorNamed(operator)
        house.signIn(operator, extension)
        return operatorNamed(operator)
      },
    })

    http.post('/operators/:operator/decline', {
      config: { right: 'operators.move' },
      preHandler: forHimself,
      schema: {
        summary:
          'The caller for whom his phone rings is offered to others; in a talk he is left alone from then on.',
        params: Who,
        response: { 200: Operator },
      },
      async handler({ params: { operator } }) {
        operatorNamed(operator)
        const state = engine.crew.find(operator)?.state
        const entry = state && offeredTo(state)
        if (entry === undefined)
          throw new CallbusError('NOT_FOUND', { what: `offer to operator ${operator}` })
        desk.tell({ name: 'offer-refused', entry, operator, how: 'rejected' })
        return operatorNamed(operator)
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

    http.post('/waiting/:call/move', {
      config: { right: 'talks.supervise' },
      schema: {
        summary:
          'Somebody who waits goes to another queue, where his whole wait counts, or to another place; or waits a while for one operator alone.',
        params: Type.Object({ call: CallId }),
        body: Type.Union([
          Type.Object({ to: Type.String({ minLength: 1, maxLength: 40 }) }, { additionalProperties: false }),
          Type.Object(Who.properties, { additionalProperties: false }),
        ]),
        response: { 202: Type.Object({ call: CallId, ...Type.Partial(Elsewhere).properties }) },
      },
      async handler(request, reply) {
        const { call } = request.params
        const { body } = request
        const isDone = 'to' in body ? send(call, body.to, request) : give(call, body.operator, request)
        if (!isDone) throw new CallbusError('NOT_FOUND', { what: `waiting caller of call ${call}` })
        return reply.code(202).send({ call, ...body })
      },
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
  }
  return routes as FastifyPluginAsync
}

function asMove({ to, reason }: { to: 'ready' | 'pause' | 'sign-out'; reason?: string | undefined }) {
  switch (to) {
    case 'ready':
      return { name: to } as const
    case 'sign-out':
      return { name: 'signed-out' } as const
    case 'pause':
      return { name: 'paused', reason: reason ?? 'pause' } as const
  }
}

function editor(request: FastifyRequest): string {
  return `user:${whoIs(request).user.name}`.slice(0, 100)
}
