/** Queue, talks and tariffs of the fake house: lists as the test puts them, and what was asked to be done. */
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import type { Change, TariffState } from './page/src/tariffs-api.ts'
import type { Card, Day, Operator, Parked, Queue, Talk } from './page/src/work-api.ts'

export interface FakeWork {
  operators: Operator[]
  queues: Queue[]
  talks: Talk[]
  parked: Parked[]
  tariffs: TariffState
  /** The latest first. */
  changes: Change[]
  days: Day[]
  cards: Map<string, Card>
  /** The lists of queues are answered as they stood, but not before this. */
  queuesAnswered: Promise<void> | undefined
  /** Until this is asked for, as `POST talks/first/hold {}`, without the prefix of the plugin; each counts once. */
  asked(what: string): Promise<void>
  /** The next thing asked for, or this one, cannot be done: why. */
  refusal: string | { what: string; because: string } | undefined
  routes: FastifyPluginAsync
}

export function fakeWork(): FakeWork {
  const heard: string[] = []
  let listen = () => {}

  const work: FakeWork = {
    operators: [],
    queues: [],
    talks: [],
    parked: [],
    tariffs: { isOn: true, zones: [] },
    changes: [],
    days: [],
    cards: new Map(),
    refusal: undefined,
    queuesAnswered: undefined,

    async asked(what) {
      while (!heard.includes(what))
        await new Promise<void>((resolve) => {
          listen = resolve
        })
      heard.splice(heard.indexOf(what), 1)
    },

    async routes(http) {
      const queue = '/api/plugins/queue'
      const control = '/api/plugins/talk-control'
      const tariffs = '/api/plugins/weather-tariffs'
      http.get(`${queue}/operators`, async () => work.operators)
      http.get(`${queue}/pause-reasons`, async () => ['lunch', 'Заправка'])
      http.get(`${queue}/queues`, async () => {
        const { queues } = work
        await work.queuesAnswered
        return queues
      })
      http.get(`${queue}/figures/operators`, async () => work.days)
      http.get(`${control}/talks`, async () => work.talks)
      http.get(`${control}/parked`, async () => work.parked)
      http.get(`${tariffs}/zones`, async () => work.tariffs)
      http.get<{ Querystring: { limit: number; before?: number } }>(
        `${tariffs}/history`,
        async ({ query: { limit, before = Number.POSITIVE_INFINITY } }) => ({
          changes: work.changes.filter(({ id }) => id < before).slice(0, limit),
        }),
      )
      http.get<{ Params: { call: string } }>(
        `${control}/calls/:call/card`,
        async ({ params }, reply) => work.cards.get(params.call) ?? reply.code(404).send({}),
      )

      for (const prefix of [queue, control, tariffs])
        http.route({
          method: ['POST', 'PUT', 'DELETE'],
          url: `${prefix}/*`,
          async handler(request: FastifyRequest, reply) {
            const { '*': path } = request.params as { '*': string }
            const what = `${request.method} ${path} ${JSON.stringify(request.body)}`
            heard.push(what)
            listen()
            const { refusal = '' } = work
            const message = typeof refusal === 'string' ? refusal : refusal.what === what && refusal.because
            if (message) {
              work.refusal = undefined
              return reply.code(409).send({ code: 'TALK_REFUSED', message })
            }
            return reply.code(202).send({})
          },
        })
    },
  }
  return work
}
