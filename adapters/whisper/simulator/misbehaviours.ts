/** How a service can be ill; each takes the place of its answer. */
import type { FastifyReply } from 'fastify'
import { type Hearing, tell } from './answers.ts'

export interface Illness {
  about: string
  /** `undefined` lets it answer as always. */
  answer(asked: { path: string; format: string; hearing: Hearing }, reply: FastifyReply): unknown
}

const plain = (reply: FastifyReply, status: number, text: string) =>
  reply.code(status).type('text/plain').send(text)

export const misbehaviours = {
  'not-found': {
    about: 'answers 404 in plain text, as while its model is being loaded',
    answer: ({ path }, reply) => plain(reply, 404, `File Not Found (${path})`),
  },
  'bad-request': {
    about: 'answers 400 in plain text to everything',
    answer: (_, reply) => plain(reply, 400, 'Invalid request'),
  },
  broken: {
    about: 'answers 500 in plain text',
    answer: (_, reply) => plain(reply, 500, 'stof'),
  },
  loading: {
    about: 'answers 503',
    answer: (_, reply) => reply.code(503).send({ status: 'loading model' }),
  },
  busy: {
    about: 'answers 429 and wants to be asked again a minute later',
    answer: (_, reply) => reply.code(429).header('retry-after', '60').send(refusal('rate_limit_exceeded')),
  },
  'too-long': {
    about: 'answers 413',
    answer: (_, reply) => reply.code(413).send(refusal('file_too_large')),
  },
  'json-only': {
    about: 'knows no format but json',
    answer: ({ format }, reply) =>
      format === 'json' ? undefined : reply.code(400).send(refusal('unsupported_value')),
  },
  'text-only': {
    about: 'answers plain text, whatever is asked for',
    answer: ({ hearing }, reply) => reply.type('text/html').send(tell('text', hearing)?.body),
  },
  silent: {
    about: 'never answers',
    answer: () => new Promise(() => {}),
  },
  reset: {
    about: 'breaks the connection in place of the answer',
    answer: (_, reply) => {
      reply.hijack()
      reply.raw.socket?.destroy()
      return reply
    },
  },
  half: {
    about: 'breaks the connection in the middle of its answer',
    answer: (_, reply) => {
      reply.hijack()
      reply.raw.writeHead(200, { 'content-length': '100' }).write('{"text": " Half an')
      setImmediate(() => reply.raw.socket?.destroy())
      return reply
    },
  },
  proxy: {
    about: 'answers with the web page of something in front of it',
    answer: (_, reply) => reply.type('text/html').send('<!doctype html><html><body>Sign in</body></html>'),
  },
  invents: {
    about: 'writes what nobody said, unsure of it by its own figures',
    answer: ({ format, hearing }, reply) => {
      const told = tell(format, { ...hearing, text: 'And so they lived', isUnsure: true })
      return told && reply.type(told.type).send(told.body)
    },
  },
  loops: {
    about: 'repeats itself without end',
    answer: ({ format, hearing }, reply) => {
      const told = tell(format, { ...hearing, text: 'and so on '.repeat(4_000).trim() })
      return told && reply.type(told.type).send(told.body)
    },
  },
} satisfies Record<string, Illness>

export function refusal(code: string, message = 'As the service words it.') {
  return { error: { message, type: 'invalid_request_error', param: null, code } }
}
