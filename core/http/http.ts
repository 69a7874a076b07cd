/** The house's HTTP: Fastify is the skeleton, each piece a plugin of it. */
import { randomUUID } from 'node:crypto'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyPluginAsync,
  fastify,
  LogController,
} from 'fastify'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import type { Stamped } from '../call-bus/events.ts'
import type { Clock } from '../clock.ts'
import type { Journal } from '../database/journal.ts'
import { CallbusError, reasonOf } from '../errors.ts'
import type { Neighbours } from '../neighbours.ts'
import type { Phones } from '../phones.ts'
import type { Users } from '../users/users.ts'
import { auth } from './auth.ts'
import { toAuthority } from './authority.ts'
import { openCallViews } from './call-views.ts'
import { callRoutes } from './calls.ts'
import { answerError, answerNoHttp, errors } from './errors.ts'
import { eventStream } from './event-stream.ts'
import { health, type Part } from './health.ts'
import type { Links } from './links.ts'
import { metrics } from './metrics.ts'
import { neighbourRoutes } from './neighbours.ts'
import { openapi } from './openapi.ts'
import { toPortTaken } from './port-holder.ts'
import type { HttpSettings } from './settings.ts'
import { signIn } from './sign-in.ts'
import { userRoutes } from './users.ts'

export interface HttpOptions {
  settings: HttpSettings
  site: { name: string; country: string; language: string }
  users: Users
  links: Links
  bus: { onAny(listener: (fact: Stamped) => void): () => void }
  journal: Journal
  calls: { live(): readonly { id: string }[] }
  phones: Pick<Phones, 'toE164'>
  metrics: Registry
  neighbours: Neighbours
  /** What the house consists of just now. */
  health: () => readonly Part[]
  clock: Clock
  log: Logger
  version?: string
}

/** A plugin's place on HTTP. Routes are collected and open when the house listens. */
export interface HttpScope {
  /** Routes under `/api/plugins/<name>`, for who is signed in and has the right the route names. */
  register(routes: FastifyPluginAsync): void
  /** Pages at `/`, public: what they show they have to ask for. */
  registerAtRoot(routes: FastifyPluginAsync): void
  /** The plugin stopped: its routes are answered as if they were not there. */
  close(): void
}

export interface Http extends AsyncDisposable {
  readonly app: FastifyInstance
  pluginScope(name: string, owner?: { log: Logger }): HttpScope
  /** Routes of the core itself, registered as they are. */
  register(routes: FastifyPluginAsync): void
  /** Opens everything collected so far without listening: for tests that inject. */
  ready(): Promise<void>
  /** Rejects with PORT_TAKEN and who holds it. */
  listen(): Promise<{ url: string; port: number }>
}

interface Collected {
  owner: string
  log: Logger
  prefix: string
  routes: FastifyPluginAsync
}

const bodyLimit = 1_000_000

export async function openHttp(options: HttpOptions): Promise<Http> {
  const { settings, log, users, links, bus, journal, clock, site } = options
  const { isSecure } = settings
  const app: FastifyInstance = fastify({
    loggerInstance: log.child({ part: 'http' }) as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    bodyLimit,
    // Refused below with a code; Node itself would answer without a word.
    http: { requireHostHeader: false },
    trustProxy: settings.trustProxy,
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply),
    clientErrorHandler: answerNoHttp,
    // An idle browser connection must not hold up the stop.
    forceCloseConnections: 'idle',
    ajv: { customOptions: { removeAdditional: false } },
  })

  /** Plugins whose routes are answered. */
  const answering = new Set<string>()

  await app.register(errors)
  app.addHook('onRequest', async ({ headers, raw }) => {
    if (raw.httpVersion !== '1.0' && !headers.host)
      throw new CallbusError('REQUEST_INVALID', { mistakes: 'the Host header is missing' })
  })
  await app.register(helmet, { contentSecurityPolicy: { directives: policy(isSecure) }, hsts: isSecure })
  await app.register(openapi, { version: options.version ?? '0' })
  await app.register(auth, { users, links, isSecure })
  await app.register(rateLimit, {
    global: false,
    errorResponseBuilder: (_request, { ttl }) =>
      new CallbusError('TOO_MANY_REQUESTS', { seconds: Math.ceil(ttl / 1_000) }),
  })
  await app.register(health, { parts: options.health })
  await app.register(metrics, { registry: options.metrics })
  await app.register(signIn, { users, clock, site, isSecure, plugins: () => [...answering] })
  await app.register(userRoutes, { users })
  const views = openCallViews({ calls: options.calls, journal, phones: options.phones })
  await app.register(callRoutes, { views })
  await app.register(neighbourRoutes, { neighbours: options.neighbours })
  await app.register(eventStream, { bus, journal, users, clock })

  const collected: Collected[] = []
  let opened: Promise<void> | undefined

  function collect(each: Collected): void {
    if (opened) throw new Error(`${each.owner} registers routes too late: do it before the house listens`)
    collected.push(each)
  }

  async function openCollected(): Promise<void> {
    for (const { owner, log: ownersLog, prefix, routes } of collected) {
      const open: FastifyPluginAsync = async (child) => {
        try {
          await routes(child, {})
        } catch (thrown) {
          const error = new CallbusError('PLUGIN_START_FAILED', { plugin: owner, reason: reasonOf(thrown) })
          ownersLog.error({ code: error.code, err: thrown }, error.message)
        }
      }
      await app.register(open, { prefix })
    }
    await app.ready()
  }

  function ready(): Promise<void> {
    opened ??= openCollected()
    return opened
  }

  return {
    app,
    ready,

    register: (routes) => collect({ owner: 'core', log, prefix: '', routes }),

    pluginScope(name, owner = { log }) {
      let isClosed = false

      /** An encapsulated child: what the plugin hooks or decorates stays with it. */
      function within(routes: FastifyPluginAsync, isPage: boolean): FastifyPluginAsync {
        return async (child, nothing) => {
          child.addHook('onRequest', async () => {
            if (isClosed) throw new CallbusError('NOT_FOUND', { what: `plugin ${name} running` })
          })
          if (isPage) child.addHook('onRoute', openPage)
          await routes(child, nothing)
        }
      }

      return {
        register(routes) {
          const prefix = `/api/plugins/${name}`
          collect({ owner: name, log: owner.log, prefix, routes: within(routes, false) })
          answering.add(name)
        },
        registerAtRoot: (routes) =>
          collect({ owner: name, log: owner.log, prefix: '', routes: within(routes, true) }),
        close: () => {
          isClosed = true
          answering.delete(name)
        },
      }
    },

    async listen() {
      await ready()
      const { host, port } = settings
      try {
        await app.listen({ host, port })
      } catch (thrown) {
        throw await toPortTaken(thrown, { host, port })
      }
      const address = app.server.address()
      const taken = address && typeof address === 'object' ? address.port : port
      return { url: `http://${toAuthority(host, taken)}`, port: taken }
    },

    [Symbol.asyncDispose]: () => app.close(),
  }
}

function openPage(route: { method: string | string[]; config?: { right?: string; public?: boolean } }): void {
  const isRead = [route.method].flat().every((method) => method === 'GET' || method === 'HEAD')
  if (isRead && !route.config?.right) route.config = { ...route.config, public: true }
}

/** Only our own files; styles may be set from script, sound may be played from memory. */
function policy(isSecure: boolean) {
  return {
    defaultSrc: ["'self'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", 'data:'],
    mediaSrc: ["'self'", 'blob:'],
    connectSrc: ["'self'"],
    objectSrc: ["'none'"],
    frameAncestors: ["'none'"],
    upgradeInsecureRequests: isSecure ? [] : null,
  }
}
