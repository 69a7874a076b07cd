/** Who asks, and may they: every route is closed unless it says otherwise. */
import cookie from '@fastify/cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { CallbusError } from '../errors.ts'
import type { Right } from '../users/rights.ts'
import type { Session } from '../users/sessions.ts'
import type { Identity, Users } from '../users/users.ts'
import type { Links } from './links.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the asker must be allowed to; without it being signed in is enough. */
    right?: Right
    /** No login is asked for: the route guards itself or has nothing to guard. */
    public?: boolean
    /** May also be read by who has a link to it and is not signed in. */
    byLink?: boolean
  }
  interface FastifyRequest {
    /** Who asks; `null` on public routes and for who came by a link. */
    who: Identity | null
  }
}

const cookieName = 'callbus_session'
const changing = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])

export interface AuthOptions {
  users: Users
  links: Links
  isSecure: boolean
}

export const auth = fastifyPlugin<AuthOptions>(async (http, { users, links }) => {
  await http.register(cookie)
  http.decorateRequest('who', null)

  http.addHook('onRequest', async (request) => {
    const { right, public: isPublic, byLink } = request.routeOptions.config
    if (isPublic || (byLink && isReading(request) && links.opens(request.url))) return

    request.who = (await whoAsks(request, users)) ?? null
    if (!request.who) throw new CallbusError('NOT_SIGNED_IN')
    if (request.who.by === 'session' && changing.has(request.method)) checkOrigin(request)
    if (right && !request.who.rights.has(right)) throw new CallbusError('RIGHT_MISSING', { right })
  })
})

function isReading({ method }: FastifyRequest): boolean {
  return method === 'GET' || method === 'HEAD'
}

/** A token in `Authorization: Bearer cb_…`, or a person's session cookie. */
export async function whoAsks(request: FastifyRequest, users: Users): Promise<Identity | undefined> {
  const { authorization } = request.headers
  if (authorization !== undefined) {
    const secret = /^Bearer +(\S+)$/i.exec(authorization)?.[1]
    return secret ? await users.whoHasToken(secret) : undefined
  }
  const secret = request.cookies[cookieName]
  return secret ? await users.whoHasSession(secret) : undefined
}

/** The signed-in asker of a route that is not public. */
export function whoIs(request: FastifyRequest): Identity {
  if (!request.who) throw new CallbusError('NOT_SIGNED_IN')
  return request.who
}

/** A page of another house must not act in the name of somebody signed in here. */
export function checkOrigin(request: FastifyRequest): void {
  const { origin } = request.headers
  if (origin === undefined) return
  if (!URL.canParse(origin) || new URL(origin).host !== request.host) {
    throw new CallbusError('ORIGIN_REFUSED', { origin: origin.slice(0, 100) })
  }
}

export function sessionOf(request: FastifyRequest): string | undefined {
  return request.cookies[cookieName]
}

const cookieOptions = (isSecure: boolean) =>
  ({ path: '/', httpOnly: true, sameSite: 'strict', secure: isSecure }) as const

export function giveSession(reply: FastifyReply, session: Session, isSecure: boolean): void {
  void reply.setCookie(cookieName, session.secret, cookieOptions(isSecure))
}

export function takeSession(reply: FastifyReply, isSecure: boolean): void {
  void reply.clearCookie(cookieName, cookieOptions(isSecure))
}
