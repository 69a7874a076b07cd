import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import fastifyPlugin from 'fastify-plugin'
import { CallbusError } from '../errors.ts'
import { oneOf, Type } from '../schema.ts'
import { rights, roles } from '../users/rights.ts'
import type { Users } from '../users/users.ts'
import { whoIs } from './auth.ts'

const Name = Type.String({ minLength: 1, maxLength: 100, pattern: '^\\S(.*\\S)?$' })
const Password = Type.String({ minLength: 10, maxLength: 1_000 })
const Moment = Type.Integer({ minimum: 0 })
const Id = Type.Object({ id: Type.String({ maxLength: 64 }) })
const Nothing = Type.Null()

const UserView = Type.Object({
  id: Type.String(),
  name: Type.String(),
  role: oneOf(roles),
  hasPassword: Type.Boolean(),
  createdAt: Moment,
  isBarred: Type.Boolean(),
})

const TokenView = Type.Object({
  id: Type.String(),
  name: Type.String(),
  userId: Type.String(),
  rights: Type.Array(oneOf(rights)),
  createdAt: Moment,
  expiresAt: Type.Optional(Moment),
})

/** People (right `users.edit`) and the tokens of their programs (right `tokens.edit`, each their own). */
export const userRoutes = fastifyPlugin<{ users: Users }>(async (plain, { users }) => {
  const http = plain.withTypeProvider<TypeBoxTypeProvider>()
  const editing = { right: 'users.edit' } as const
  const tokens = { right: 'tokens.edit' } as const

  http.get(
    '/api/v1/users',
    {
      config: editing,
      schema: { summary: 'Everybody', response: { 200: Type.Object({ users: Type.Array(UserView) }) } },
    },
    async () => ({ users: await users.list() }),
  )

  http.post(
    '/api/v1/users',
    {
      config: editing,
      schema: {
        summary: 'Add a person; without a password a sign-in link lets them in',
        body: Type.Object(
          { name: Name, role: oneOf(roles), password: Type.Optional(Password) },
          { additionalProperties: false },
        ),
        response: { 201: UserView },
      },
    },
    async (request, reply) => {
      const user = await users.add(request.body)
      return reply.code(201).send(user)
    },
  )

  http.patch(
    '/api/v1/users/:id',
    {
      config: editing,
      schema: {
        summary: 'Change role or password, or bar; a new password ends the sessions of before',
        params: Id,
        body: Type.Partial(
          Type.Object({ role: oneOf(roles), password: Password, isBarred: Type.Boolean() }),
          { additionalProperties: false },
        ),
        response: { 200: UserView },
      },
    },
    async (request) => {
      const user = await users.change(request.params.id, request.body)
      if (!user) throw new CallbusError('NOT_FOUND', { what: 'user of this id' })
      return user
    },
  )

  http.delete(
    '/api/v1/users/:id',
    {
      config: editing,
      schema: {
        summary: 'Remove a person, with tokens and sessions',
        params: Id,
        response: { 204: Nothing },
      },
    },
    async (request, reply) => {
      if (!(await users.remove(request.params.id)))
        throw new CallbusError('NOT_FOUND', { what: 'user of this id' })
      return reply.code(204).send(null)
    },
  )

  http.post(
    '/api/v1/users/:id/sign-in-link',
    {
      config: editing,
      schema: {
        summary: 'A link that signs this person in once, within an hour',
        params: Id,
        response: { 201: Type.Object({ path: Type.String() }) },
      },
    },
    async (request, reply) => {
      const user = await users.find(request.params.id)
      if (!user) throw new CallbusError('NOT_FOUND', { what: 'user of this id' })
      return reply.code(201).send({ path: `/sign-in/${await users.makeSignInLink(user.id)}` })
    },
  )

  http.get(
    '/api/v1/tokens',
    {
      config: tokens,
      schema: {
        summary: 'My tokens; administrators see all',
        response: { 200: Type.Object({ tokens: Type.Array(TokenView) }) },
      },
    },
    async (request) => {
      const who = whoIs(request)
      const all = await users.tokens.list()
      return { tokens: all.filter(({ userId }) => userId === who.user.id || who.rights.has('users.edit')) }
    },
  )

  http.post(
    '/api/v1/tokens',
    {
      config: tokens,
      schema: {
        summary: 'Make a token for a program; its secret is shown this once',
        body: Type.Object(
          {
            name: Name,
            rights: Type.Array(oneOf(rights), { maxItems: rights.length, uniqueItems: true }),
            expiresAt: Type.Optional(Moment),
          },
          { additionalProperties: false },
        ),
        response: { 201: Type.Object({ token: TokenView, secret: Type.String() }) },
      },
    },
    async (request, reply) => {
      const who = whoIs(request)
      const missing = request.body.rights.find((right) => !who.rights.has(right))
      if (missing) throw new CallbusError('RIGHT_MISSING', { right: missing })
      return reply.code(201).send(await users.tokens.make({ ...request.body, userId: who.user.id }))
    },
  )

  http.delete(
    '/api/v1/tokens/:id',
    { config: tokens, schema: { summary: 'Withdraw a token', params: Id, response: { 204: Nothing } } },
    async (request, reply) => {
      const who = whoIs(request)
      const token = (await users.tokens.list()).find(({ id }) => id === request.params.id)
      const isMine = token && (token.userId === who.user.id || who.rights.has('users.edit'))
      if (!isMine) throw new CallbusError('NOT_FOUND', { what: 'token of this id' })
      await users.tokens.withdraw(token.id)
      return reply.code(204).send(null)
    },
  )
})
