import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import type { CallBus } from '#core/call-bus/call-bus.ts'
import type { Calls } from '#core/calls/calls.ts'
import type { Talk } from '#core/calls/talk.ts'
import { CallbusError } from '#core/errors.ts'
import { whoIs } from '#core/http/auth.ts'
import { CallId, Moment, oneOf, type Static, Type } from '#core/schema.ts'
import type { Errands } from './errands.ts'
import type { Seats } from './seats.ts'
import type { Settings } from './settings.ts'
import type { Hands, Verbs } from './verbs.ts'

const PhoneToRing = Type.String({ minLength: 1, maxLength: 60, pattern: '^[+0-9A-Za-z._-]+$' })
const TalkShape = Type.Object({
  call: CallId,
  state: oneOf(['together', 'held', 'asking', 'consulting', 'swapped']),
  with: Type.String({ description: 'The phone of whoever talks with the client.' }),
  heldSince: Type.Optional(Moment),
  others: Type.Array(
    Type.Object({
      phone: Type.String(),
      as: oneOf(['consulted', 'conference', 'listen', 'whisper', 'barge', 'ringing']),
    }),
  ),
})
const ParkedShape = Type.Object({ slot: Type.Integer(), call: CallId, from: Type.String(), since: Moment })
const OfCall = Type.Object({ call: CallId })
const To = Type.Object(
  {
    to: Type.Optional(PhoneToRing),
    driver: Type.Optional(Type.Boolean({ description: 'To the driver of the order the call is about.' })),
    place: Type.Optional(
      Type.String({ minLength: 1, maxLength: 40, description: 'To a queue or another place.' }),
    ),
  },
  { additionalProperties: false },
)
const plainVerbs = {
  unhold: 'The client comes back from hold.',
  swap: 'Between the client and whoever is consulted.',
  complete: 'The client talks with whoever is consulted, and the operator is free.',
  cancel: 'Whoever is consulted is let go; the client comes back.',
  conference: 'All three talk.',
} as const

/** What operators do with their own talks and supervisors with any. */
export function talkRoutes(house: {
  bus: CallBus
  calls: Calls
  errands: Errands
  mayAnswerItself(phone: string): boolean
  seats: Seats
  settings: Settings
  verbs: Verbs
}): FastifyPluginAsync {
  const { bus, calls, errands, mayAnswerItself, seats, settings, verbs } = house

  const toView = (call: CallId, { view }: Talk) => ({ call, ...view })

  function talkNow(call: CallId): Talk {
    const talk = calls.talkOf(call)
    if (!talk) throw new CallbusError('NOT_FOUND', { what: `talk of call ${call}` })
    return talk
  }

  function isHis({ view }: Talk, request: FastifyRequest): boolean {
    const phone = seats.phoneOf(whoIs(request).user.name)
    const speakers = view.others.filter(({ as }) => as === 'consulted' || as === 'conference')
    return phone !== undefined && [view.with, ...speakers.map((each) => each.phone)].includes(phone)
  }

  /** The talk of the request, if it is the asker's own or he may act on any. */
  function talkFor(request: FastifyRequest): Hands {
    const { call } = request.params as Static<typeof OfCall>
    const talk = talkNow(call)
    if (!whoIs(request).rights.has('talks.supervise') && !isHis(talk, request))
      throw new CallbusError('RIGHT_MISSING', { right: 'talks.supervise' })
    return { call, talk, by: byOf(request) }
  }

  function phoneFor(request: FastifyRequest, given: string | undefined): string {
    const own = seats.phoneOf(whoIs(request).user.name)
    if (given !== undefined && given !== own && !whoIs(request).rights.has('talks.supervise'))
      throw new CallbusError('RIGHT_MISSING', { right: 'talks.supervise' })
    const phone = given ?? own
    if (phone === undefined)
      throw new CallbusError('REQUEST_INVALID', { mistakes: 'nobody knows at which phone you are: name it' })
    return phone
  }

  const routes: FastifyPluginAsyncTypebox = async (http) => {
    http.get('/talks', {
      config: { right: 'talks.control' },
      schema: {
        summary: 'The talks of this moment: those of the asker or, for supervisors, all.',
        response: { 200: Type.Array(TalkShape) },
      },
      handler: async (request) =>
        calls.live().flatMap(({ id }) => {
          const talk = calls.talkOf(id)
          const isShown = talk && (whoIs(request).rights.has('talks.supervise') || isHis(talk, request))
          return isShown ? [toView(id, talk)] : []
        }),
    })

    http.post('/talks/:call/hold', {
      config: { right: 'talks.control' },
      schema: { summary: 'The client hears music.', params: OfCall, response: { 200: TalkShape } },
      async handler(request) {
        const hands = talkFor(request)
        await verbs.hold(hands)
        return toView(hands.call, hands.talk)
      },
    })

    for (const [verb, summary] of Object.entries(plainVerbs)) {
      http.post(`/talks/:call/${verb}`, {
        config: { right: 'talks.control' },
        schema: { summary, params: OfCall, response: { 200: TalkShape } },
        async handler(request) {
          const { call, talk, by } = talkFor(request)
          await talk[verb as keyof typeof plainVerbs](by)
          return toView(call, talk)
        },
      })
    }

    http.post('/talks/:call/hang-up', {
      config: { right: 'talks.control' },
      schema: { summary: 'Ends the call for everybody.', params: OfCall, response: { 204: Type.Null() } },
      async handler(request, reply) {
        const { call } = talkFor(request)
        errands.forget(call)
        await calls.hangUp(call)
        return reply.code(204).send(null)
      },
    })

    http.post('/calls/:call/answer', {
      config: { right: 'talks.control' },
      schema: {
        summary:
          'Has the asker’s phone, or another, answer the call for which it rings; facts tell whether it does.',
        params: OfCall,
        body: Type.Object({ phone: Type.Optional(PhoneToRing) }, { additionalProperties: false }),
        response: { 202: Type.Object({ call: CallId, phone: Type.String() }) },
      },
      async handler(request, reply) {
        const { call } = request.params
        if (!calls.find(call)) throw new CallbusError('NOT_FOUND', { what: `live call ${call}` })
        const phone = phoneFor(request, request.body.phone)
        const refused = (because: string) => new CallbusError('TALK_REFUSED', { call, because })
        if (!mayAnswerItself(phone)) throw refused(`${phone} cannot be made to answer: lift the handset`)
        if (!calls.answerAt(call, phone, byOf(request))) throw refused(`${phone} does not ring for it`)
        return reply.code(202).send({ call, phone })
      },
    })

    http.post('/talks/:call/consult', {
      config: { right: 'talks.control' },
      schema: {
        summary: 'Holds the client and rings another phone for the operator; facts tell what comes of it.',
        params: OfCall,
        body: Type.Omit(To, ['place']),
        response: { 202: TalkShape },
      },
      async handler(request, reply) {
        const hands = talkFor(request)
        await verbs.consult(hands, request.body)
        return reply.code(202).send(toView(hands.call, hands.talk))
      },
    })

    http.post('/talks/:call/transfer', {
      config: { right: 'talks.control' },
      schema: {
        summary: 'The client is given on at once; nobody takes him, and he comes back.',
        params: OfCall,
        body: To,
        response: { 202: Type.Object({ call: CallId, to: Type.String() }) },
      },
      async handler(request, reply) {
        const hands = talkFor(request)
        const { call, talk, by } = hands
        const { place: to } = request.body
        if (to === undefined)
          return reply.code(202).send({ call, to: await verbs.transfer(hands, request.body) })
        const from = talk.view.with
        await talk.sendTo(to, `given on by ${by}`)
        bus.publish('call.transferred', { call, from, to, how: 'blind', by })
        return reply.code(202).send({ call, to })
      },
    })

    http.post('/talks/:call/park', {
      config: { right: 'talks.control' },
      schema: {
        summary: 'The client waits in a slot for whoever picks him up.',
        params: OfCall,
        response: { 202: Type.Object({ call: CallId, slot: Type.Integer() }) },
      },
      async handler(request, reply) {
        const hands = talkFor(request)
        return reply.code(202).send({ call: hands.call, slot: await verbs.park(hands) })
      },
    })

    http.get('/parked', {
      config: { right: 'talks.control' },
      schema: { summary: 'Who is parked where.', response: { 200: Type.Array(ParkedShape) } },
      handler: async () => [...errands.parked],
    })

    http.post('/parked/:slot/pick-up', {
      config: { right: 'talks.control' },
      schema: {
        summary: 'Rings the asker’s phone, or another, for the parked client.',
        params: Type.Object({ slot: Type.Integer() }),
        body: Type.Object({ phone: Type.Optional(PhoneToRing) }, { additionalProperties: false }),
        response: { 202: ParkedShape },
      },
      handler: async (request, reply) =>
        reply.code(202).send(errands.pickUp(request.params.slot, phoneFor(request, request.body.phone))),
    })

    http.post('/talks/:call/attend', {
      config: { right: 'talks.supervise' },
      schema: {
        summary:
          'Rings the asker’s phone, or another, to listen, whisper, barge in or take over; again to change.',
        params: OfCall,
        body: Type.Object(
          {
            way: oneOf(['listen', 'whisper', 'barge', 'take-over']),
            phone: Type.Optional(PhoneToRing),
          },
          { additionalProperties: false },
        ),
        response: { 202: TalkShape },
      },
      async handler(request, reply) {
        const { call, talk, by } = talkFor(request)
        const phone = phoneFor(request, request.body.phone)
        const isThere = talk.view.others.some((other) => other.phone === phone)
        if (!isThere) verbs.unlessBusy(call, { phone, show: 'caller' })
        await talk.attend({ phone, ringFor: settings.ringFor, show: 'caller' }, request.body.way, by)
        return reply.code(202).send(toView(call, talk))
      },
    })

    http.post('/talks/:call/dismiss', {
      config: { right: 'talks.control' },
      schema: {
        summary: 'Lets somebody beside client and operator go.',
        params: OfCall,
        body: Type.Object({ phone: PhoneToRing }, { additionalProperties: false }),
        response: { 200: TalkShape },
      },
      async handler(request) {
        const { call, talk } = talkFor(request)
        const attends = talk.view.others.find((other) => other.phone === request.body.phone)
        // Whom a supervisor listens to does not end that.
        if (attends && attends.as !== 'conference' && !whoIs(request).rights.has('talks.supervise'))
          throw new CallbusError('RIGHT_MISSING', { right: 'talks.supervise' })
        await talk.dismiss(request.body.phone)
        return toView(call, talk)
      },
    })
  }
  return routes as FastifyPluginAsync
}

export function byOf(request: FastifyRequest): string {
  return `user:${whoIs(request).user.name}`.slice(0, 100)
}
