import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { whoIs } from '#core/http/auth.ts'
import { CallList, CallsAsked, CallView, type CallViews, FactView } from '#core/http/call-views.ts'
import { CallId, OrderId, Type } from '#core/schema.ts'
import { Heard, heardIn, Pressed, pressedIn, Recording, recordingsIn, Talk, talksIn } from './call-story.ts'
import type { Requests, Wish } from './requests.ts'
import { Accepted, CallBack, Join, Stage, type Wishes } from './wishes.ts'

export const prefix = '/api/dispatch/v1'

const Key = Type.Object({
  'idempotency-key': Type.String({
    minLength: 1,
    maxLength: 100,
    pattern: '^[!-~]+$',
    description:
      'Names this one request, the same in every try: a repeat is answered like the first and not done again.',
  }),
})
const OfCall = Type.Object({ id: CallId })
const telling = { right: 'dispatch.tell' } as const
const reading = { right: 'calls.read' } as const

const Story = Type.Object({
  call: CallView,
  pressed: Type.Array(Pressed),
  heard: Type.Array(Heard),
  talks: Type.Array(Talk),
  facts: Type.Array(FactView),
})

/** The dispatch door over HTTP. Whatever is accepted is written down by then: 202. */
export function dispatchRoutes(parts: {
  requests: Pick<Requests, 'accept'>
  views: CallViews
  wishes: Wishes
}): FastifyPluginAsync {
  const { requests, views, wishes } = parts

  async function accept(request: FastifyRequest, key: string, wish: Wish, reply: FastifyReply) {
    const asker = `user:${whoIs(request).user.id}`
    return await reply.code(202).send(await requests.accept({ asker, key, wish }))
  }

  const routes: FastifyPluginAsyncTypebox = async (http) => {
    http.post('/orders/:id/stage', {
      config: telling,
      schema: {
        summary: 'An order moved to another stage.',
        params: Type.Object({ id: OrderId }),
        headers: Key,
        body: Stage,
        response: { 202: Accepted },
      },
      handler: (request, reply) => {
        const { headers, params, body } = request
        return accept(
          request,
          headers['idempotency-key'],
          wishes.toStage({ order: params.id, ...body }),
          reply,
        )
      },
    })

    http.post('/call-backs', {
      config: telling,
      schema: {
        summary: 'Call this client, about this order.',
        headers: Key,
        body: CallBack,
        response: { 202: Accepted },
      },
      handler: (request, reply) =>
        accept(request, request.headers['idempotency-key'], wishes.toCallBack(request.body), reply),
    })

    http.post('/joins', {
      config: telling,
      schema: {
        summary: 'Join these two: call both and let them talk.',
        headers: Key,
        body: Join,
        response: { 202: Accepted },
      },
      handler: (request, reply) =>
        accept(request, request.headers['idempotency-key'], wishes.toJoin(request.body), reply),
    })

    http.get('/calls', {
      config: reading,
      schema: {
        summary: 'Who is calling (`live=true`), and who called; newest first.',
        querystring: CallsAsked,
        response: { 200: CallList },
      },
      handler: (request) => views.list(request.query, whoIs(request)),
    })

    http.get('/calls/:id', {
      config: reading,
      schema: {
        summary: 'A call: what he pressed, what he heard, with whom he talked, and every fact of it.',
        params: OfCall,
        response: { 200: Story },
      },
      handler: async (request) => {
        const { call, facts } = await views.story(request.params.id, whoIs(request))
        return { call, pressed: pressedIn(facts), heard: heardIn(facts), talks: talksIn(facts), facts }
      },
    })

    http.get('/calls/:id/recordings', {
      config: { right: 'recordings.listen' },
      schema: {
        summary: 'Where the recordings of a call are.',
        params: OfCall,
        response: { 200: Type.Object({ recordings: Type.Array(Recording) }) },
      },
      handler: async (request) => {
        const { facts } = await views.story(request.params.id, whoIs(request))
        return { recordings: recordingsIn(facts) }
      },
    })
  }
  return routes as FastifyPluginAsync
}
