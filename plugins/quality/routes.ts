import fastifyStatic from '@fastify/static'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import type { Clock } from '#core/clock.ts'
import { CallbusError } from '#core/errors.ts'
import { whoIs } from '#core/http/auth.ts'
import { maskedCopy } from '#core/masking.ts'
import { CallId, Moment, OrderId, oneOf, Type } from '#core/schema.ts'
import type { Complaints } from './complaints.ts'
import { bestMark, type Marks, type MarksOf } from './marks.ts'
import type { Surveys } from './surveys.ts'
import { type ComplaintRow, complaintStates, type MarkRow, subjects } from './tables.ts'

const Complaint = Type.Object({
  id: Type.String(),
  call: CallId,
  phone: Type.Optional(Type.String()),
  line: Type.String(),
  order: Type.Optional(OrderId),
  at: Moment,
  seconds: Type.Optional(Type.Number()),
  state: oneOf(complaintStates, {
    description: '`empty`: nothing was said; `lost`: its recording could not be kept.',
  }),
  toldAt: Type.Optional(Moment),
  transcript: Type.Optional(Type.String()),
  answer: Type.Optional(Type.String()),
  answeredBy: Type.Optional(Type.String()),
  answeredAt: Type.Optional(Moment),
})
const Sound = Type.Unsafe<Buffer>({ type: 'string', format: 'binary' })

const Interval = {
  from: Type.Optional(Type.Integer({ minimum: 0, description: 'Default: 30 days ago.' })),
  until: Type.Optional(Type.Integer({ minimum: 0, description: 'Default: now.' })),
}
const About = {
  subject: Type.Optional(oneOf(subjects)),
  who: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
}
const Report = Type.Object({
  from: Moment,
  until: Moment,
  /** How the calls after trips came out, by result. */
  calls: Type.Record(Type.String(), Type.Integer()),
  people: Type.Array(
    Type.Object({
      subject: oneOf(subjects),
      who: Type.String(),
      car: Type.Optional(Type.String()),
      asked: Type.Integer(),
      answered: Type.Integer(),
      share: Type.Number({ description: 'Of those asked, how many answered; 0 to 1.' }),
      average: Type.Optional(Type.Number({ description: 'Absent when nobody answered.' })),
      given: Type.Array(Type.Integer(), { description: 'How often 1, 2, 3, 4 and 5 were given.' }),
    }),
  ),
})
const Mark = Type.Object({
  call: CallId,
  order: Type.Optional(OrderId),
  phone: Type.String(),
  subject: oneOf(subjects),
  who: Type.String(),
  car: Type.Optional(Type.String()),
  askedAt: Moment,
  mark: Type.Optional(Type.Integer({ minimum: 1, maximum: bestMark })),
  markedAt: Type.Optional(Moment),
})

const month = 30 * 24 * 60 * 60_000

export function qualityRoutes(parts: {
  clock: Clock
  complaints: Complaints
  folder: string
  marks: Marks
  surveys: Pick<Surveys, 'outcomes'>
}): FastifyPluginAsync {
  const { clock, complaints, folder, marks, surveys } = parts

  const intervalOf = ({ from, until = clock.now() + 1 }: { from?: number; until?: number }) => ({
    from: from ?? until - month,
    until,
  })

  /** A driver is known by his phone. */
  function mayAskFor(who: string | undefined, request: FastifyRequest) {
    if (who?.startsWith('+') && !whoIs(request).rights.has('phones.read'))
      throw new CallbusError('RIGHT_MISSING', { right: 'phones.read' })
  }

  const routes: FastifyPluginAsyncTypebox = async (http) => {
    if (!http.hasReplyDecorator('sendFile'))
      await http.register(fastifyStatic, { root: folder, serve: false })

    http.get('/complaints', {
      config: { right: 'quality.read' },
      schema: {
        summary: 'Complaints, the newest first.',
        querystring: Type.Object({
          state: Type.Optional(oneOf(complaintStates)),
          before: Type.Optional(Type.Integer({ minimum: 0, description: '`at` of the last one seen.' })),
          limit: Type.Integer({ minimum: 1, maximum: 500, default: 50 }),
        }),
        response: { 200: Type.Array(Complaint) },
      },
      handler: async (request) => shown((await complaints.list(request.query)).map(toComplaint), request),
    })

    http.get('/complaints/:id/sound', {
      config: { right: 'recordings.listen', byLink: true },
      schema: {
        summary: 'The sound of a complaint: WAV, what the caller heard left, the caller right.',
        produces: ['audio/wav'],
        params: Type.Object({ id: Type.String({ maxLength: 64 }) }),
        response: { 200: Sound, 206: Sound },
      },
      handler: async ({ params }, reply) => {
        const file = await complaints.fileOf(params.id)
        if (file === undefined) throw new CallbusError('NOT_FOUND', { what: `sound of ${params.id}` })
        return reply.type('audio/wav').sendFile(file, folder, { cacheControl: false })
      },
    })

    http.put('/complaints/:id/answer', {
      config: { right: 'quality.edit' },
      schema: {
        summary: 'Notes how a complaint was answered; a second time replaces the first.',
        params: Type.Object({ id: Type.String({ maxLength: 64 }) }),
        body: Type.Object(
          { answer: Type.String({ minLength: 1, maxLength: 4000 }) },
          { additionalProperties: false },
        ),
        response: { 200: Complaint },
      },
      handler: async (request) => {
        const by = `user:${whoIs(request).user.name}`.slice(0, 100)
        return shown(
          toComplaint(await complaints.answer(request.params.id, request.body.answer, by)),
          request,
        )
      },
    })

    http.get('/marks/report', {
      config: { right: 'quality.read' },
      schema: {
        summary: 'The marks of each driver and dispatcher: how many were asked, how many answered, and what.',
        querystring: Type.Object({ ...Interval, ...About }),
        response: { 200: Report },
      },
      handler: async (request) => {
        mayAskFor(request.query.who, request)
        const interval = intervalOf(request.query)
        const people = await marks.report({ ...request.query, ...interval })
        const outcomes = await surveys.outcomes(interval.from, interval.until)
        return {
          ...interval,
          calls: Object.fromEntries(outcomes.map((each) => [each.result, each.surveys])),
          people: shown(people.map(toPerson), request),
        }
      },
    })

    http.get('/marks', {
      config: { right: 'quality.read' },
      schema: {
        summary:
          'The questions behind a report, the newest first; without `mark` where nothing was answered.',
        querystring: Type.Object({
          ...Interval,
          ...About,
          limit: Type.Integer({ minimum: 1, maximum: 5000, default: 500 }),
        }),
        response: { 200: Type.Array(Mark) },
      },
      handler: async (request) => {
        mayAskFor(request.query.who, request)
        const rows = await marks.rows({ ...request.query, ...intervalOf(request.query) })
        return shown(rows.map(toMark), request)
      },
    })
  }
  return routes as FastifyPluginAsync
}

function shown<Answer>(answer: Answer, request: FastifyRequest): Answer {
  return whoIs(request).rights.has('phones.read') ? answer : maskedCopy(answer)
}

function toPerson({ given, ...person }: MarksOf) {
  const sum = given.reduce((total, times, index) => total + times * (index + 1), 0)
  return {
    ...person,
    given,
    share: person.asked === 0 ? 0 : person.answered / person.asked,
    ...(person.answered > 0 && { average: sum / person.answered }),
  }
}

function toComplaint({ id, call, line, at, state, ...row }: ComplaintRow) {
  return {
    id,
    call,
    line,
    at,
    state,
    ...(row.phone !== null && { phone: row.phone }),
    ...(row.order_id !== null && { order: row.order_id }),
    ...(row.seconds !== null && { seconds: row.seconds }),
    ...(row.told_at !== null && { toldAt: row.told_at }),
    ...(row.transcript !== null && { transcript: row.transcript }),
    ...(row.answer !== null && { answer: row.answer }),
    ...(row.answered_by !== null && { answeredBy: row.answered_by }),
    ...(row.answered_at !== null && { answeredAt: row.answered_at }),
  }
}

function toMark({ call, phone, subject, who, car, asked_at, order_id, mark, marked_at }: MarkRow) {
  return {
    call,
    phone,
    subject,
    who,
    askedAt: asked_at,
    ...(order_id !== null && { order: order_id }),
    ...(car !== null && { car }),
    ...(mark !== null && { mark }),
    ...(marked_at !== null && { markedAt: marked_at }),
  }
}
