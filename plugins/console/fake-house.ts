/** A house of a few routes for the browser test: what the page asks, answered from what the test puts in. */
import helmet from '@fastify/helmet'
import Fastify, { type FastifyReply } from 'fastify'
import type { FactData, FactName, Stamped } from '#core/call-bus/events.ts'
import { type FakeWork, fakeWork } from './fake-work.ts'
import { endedRows, liveRows, noCalls, withFact } from './page/src/live-calls.ts'
import { page } from './page.ts'
import { consoleRoutes } from './routes.ts'

interface FakeNeighbour {
  name: string
  state: 'connecting' | 'connected' | 'lost'
}

export interface FakeHouse {
  address: string
  neighbours: FakeNeighbour[]
  facts: Stamped[]
  /** Orders whose two were to be joined. */
  joins: string[]
  me: { name: string; role: string; rights: string[] }
  plugins: string[]
  work: FakeWork
  /** Writes the fact into the stories and sends it to whoever listens. */
  happen<Name extends FactName>(name: Name, data: FactData<Name>): void
  /** Says to whoever listens that the house is there. */
  beat(): void
  [Symbol.asyncDispose](): Promise<void>
}

const cookie = 'session=test'

export async function openFakeHouse(): Promise<FakeHouse> {
  const http = Fastify({ forceCloseConnections: true })
  const listeners = new Set<FastifyReply['raw']>()
  const work = fakeWork()
  const house = {
    neighbours: [] as FakeNeighbour[],
    facts: [] as Stamped[],
    joins: [] as string[],
    me: { name: 'olena', role: 'supervisor', rights: ['calls.join'] },
    plugins: ['queue', 'talk-control', 'weather-tariffs'],
    work,
  }
  let calls = noCalls
  let lastId = 0

  await http.register(helmet)
  await http.register(page())
  await http.register(consoleRoutes({ settings: { waitLimit: 45 } }), { prefix: '/api/plugins/console' })

  http.post<{ Body: { order: string } }>('/api/plugins/driver-bridge/joins', async ({ body }, reply) => {
    house.joins.push(body.order)
    if (body.order === '78')
      return reply.code(409).send({ code: 'JOIN_REFUSED', message: 'They were joined too often.' })
    return reply.code(202).send({})
  })

  await http.register(work.routes)

  http.get('/sign-in/:token', async (_request, reply) =>
    reply.header('set-cookie', `${cookie}; Path=/; HttpOnly; SameSite=Strict`).redirect('/'),
  )

  await http.register(
    async (api) => {
      api.addHook('onRequest', async (request, reply) => {
        const isOpen = request.url === '/api/v1/sign-in' || request.headers.cookie?.includes(cookie)
        if (!isOpen) await reply.code(401).send({ code: 'NOT_SIGNED_IN', message: 'Nobody is signed in.' })
      })

      api.get('/me', async () => ({
        ...house.me,
        plugins: house.plugins,
        site: { name: 'Taxi Zirka', country: 'UA', language: 'uk' },
        serverTime: Date.now(),
      }))

      api.post<{ Body: { password: string } }>('/sign-in', async (request, reply) => {
        if (request.body.password !== 'right')
          return reply.code(401).send({ code: 'SIGN_IN_REFUSED', message: '' })
        return reply.header('set-cookie', `${cookie}; Path=/; HttpOnly; SameSite=Strict`).send({})
      })

      api.get('/neighbours', async () => ({ neighbours: house.neighbours }))

      api.get<{ Querystring: { live?: string; phone?: string } }>(
        '/calls',
        async ({ query: { live, phone } }) => {
          const asked = [
            ...(live === 'false' ? [] : liveRows(calls)),
            ...(live === 'true' ? [] : endedRows(calls)),
          ]
          return { calls: asked.filter(({ from }) => phone === undefined || from === phone) }
        },
      )

      api.get<{ Params: { id: string } }>('/calls/:id/story', async ({ params: { id } }) => ({
        call: calls.calls.get(id),
        facts: house.facts.filter((fact) => 'call' in fact.data && fact.data.call === id),
      }))

      api.get('/events', (request, reply) => {
        reply.hijack()
        reply.raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
        reply.raw.write('retry: 200\n\n')
        listeners.add(reply.raw)
        request.raw.on('close', () => listeners.delete(reply.raw))
      })
    },
    { prefix: '/api/v1' },
  )

  function send(name: string, data: object) {
    for (const listener of listeners) listener.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`)
  }

  const address = await http.listen({ host: '127.0.0.1', port: 0 })

  return Object.assign(house, {
    address,
    happen<Name extends FactName>(name: Name, data: FactData<Name>) {
      const fact = { id: ++lastId, at: Date.now(), name, data } as unknown as Stamped
      house.facts.push(fact)
      calls = withFact(calls, fact)
      send(name, fact)
    },
    beat: () => send('beat', { at: Date.now() }),
    async [Symbol.asyncDispose]() {
      for (const listener of listeners) listener.end()
      await http.close()
    },
  })
}
