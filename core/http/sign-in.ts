import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import fastifyPlugin from 'fastify-plugin'
import type { Clock } from '../clock.ts'
import { CallbusError } from '../errors.ts'
import { Type } from '../schema.ts'
import type { Users } from '../users/users.ts'
import { checkOrigin, giveSession, sessionOf, takeSession, whoAsks, whoIs } from './auth.ts'

const Me = Type.Object({
  name: Type.String(),
  role: Type.String(),
  rights: Type.Array(Type.String()),
  site: Type.Object({ name: Type.String(), country: Type.String(), language: Type.String() }),
  plugins: Type.Array(Type.String(), { description: 'Whose routes there are under `/api/plugins`.' }),
  serverTime: Type.Integer(),
})

export interface SignInOptions {
  users: Users
  clock: Clock
  site: { name: string; country: string; language: string }
  isSecure: boolean
  plugins: () => string[]
}

/** Few enough that guessing is hopeless, many enough for a tired night shift. */
const rateLimit = { max: 10, timeWindow: 60_000 }

export const signIn = fastifyPlugin<SignInOptions>(
  async (plain, { users, clock, site, isSecure, plugins }) => {
    const http = plain.withTypeProvider<TypeBoxTypeProvider>()

    http.post(
      '/api/v1/sign-in',
      {
        config: { public: true, rateLimit },
        schema: {
          summary: 'Sign in with name and password; the answer sets the session cookie',
          body: Type.Object({
            name: Type.String({ maxLength: 100 }),
            password: Type.String({ maxLength: 1_000 }),
          }),
          response: { 204: Type.Null() },
        },
      },
      async (request, reply) => {
        checkOrigin(request)
        const session = await users.signIn(request.body.name, request.body.password)
        if (!session) throw new CallbusError('SIGN_IN_REFUSED')
        giveSession(reply, session, isSecure)
        return reply.code(204).send(null)
      },
    )

    http.get(
      '/sign-in/:secret',
      {
        config: { public: true, rateLimit },
        schema: {
          summary: 'Sign in by a link that works once, and go on to the console',
          params: Type.Object({ secret: Type.String({ maxLength: 100 }) }),
        },
      },
      async (request, reply) => {
        void reply.header('cache-control', 'no-store')
        const session = await users.signInByLink(request.params.secret)
        if (session) {
          giveSession(reply, session, isSecure)
          return reply.redirect('/', 303)
        }
        // A person who opens the link once more shall find a page, inside or at the door.
        if (!request.headers.accept?.includes('text/html')) throw new CallbusError('SIGN_IN_REFUSED')
        const isInside = (await whoAsks(request, users)) !== undefined
        return reply.redirect(isInside ? '/' : '/?link=used', 303)
      },
    )

    http.post(
      '/api/v1/sign-out',
      { schema: { summary: 'End this session', response: { 204: Type.Null() } } },
      async (request, reply) => {
        const secret = sessionOf(request)
        if (secret) await users.signOut(secret)
        takeSession(reply, isSecure)
        return reply.code(204).send(null)
      },
    )

    http.get(
      '/api/v1/me',
      { schema: { summary: 'Who I am and what I may do', response: { 200: Me } } },
      async (request) => {
        const { user, rights } = whoIs(request)
        const { name, country, language } = site
        return {
          name: user.name,
          role: user.role,
          rights: [...rights],
          site: { name, country, language },
          plugins: plugins(),
          serverTime: clock.now(),
        }
      },
    )
  },
)
