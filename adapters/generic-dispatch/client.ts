/** One request of the contract: JSON there, JSON back, checked before anybody believes it. */
import { randomUUID } from 'node:crypto'
import { Compile, type Validator } from 'typebox/compile'
import type { Asker } from '#core/asking/asker.ts'
import { withDeadline } from '#core/asking/deadline.ts'
import type { Answer, Request } from '#core/asking/line.ts'
import type { Clock } from '#core/clock.ts'
import { CallbusError } from '#core/errors.ts'
import type { Static, TSchema } from '#core/schema.ts'
import type { Settings, Verb } from './settings.ts'
import { NotFound } from './wire.ts'

export interface Question {
  name: Verb
  verb: Request['verb']
  /** Below the program's address, each part encoded. */
  path: string
  body?: object
  /** The same in every try; a new one is made for a command without one. */
  key?: string
}

export interface Client {
  /** `undefined` when the program says that there is no such thing. */
  ask<Shape extends TSchema>(
    question: Question,
    shape: Shape,
    signal: AbortSignal,
  ): Promise<Static<Shape> | undefined>
}

const isNotFound = Compile(NotFound)
const away = [502, 503, 504]

interface Neighbours {
  asker: Asker
  clock: Clock
}

export function openClient({ asker, clock }: Neighbours, settings: Settings): Client {
  const { url, token, deadlineMs, commandDeadlineMs } = settings
  const root = new URL(url).pathname.replace(/\/+$/, '')
  const validators = new WeakMap<TSchema, Validator>()

  function validatorOf(shape: TSchema): Validator {
    const known = validators.get(shape) ?? Compile(shape)
    validators.set(shape, known)
    return known
  }

  function toRequest({ name, verb, path, body, key }: Question): Request {
    const isCommand = verb !== 'GET'
    return {
      name,
      verb,
      path: `${root}${path}`,
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/json',
        ...(isCommand && { 'idempotency-key': key ?? randomUUID() }),
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    }
  }

  return {
    ask(question, shape, signal) {
      const { name: request, verb } = question
      const milliseconds = verb === 'GET' ? deadlineMs : commandDeadlineMs
      return withDeadline(signal, { clock, milliseconds, request }, (until) =>
        asker.ask(toRequest(question), (answer) => read(request, answer, validatorOf(shape)), until),
      )
    },
  }
}

function read<Value>(request: Verb, answer: Answer, validator: Validator): Value | undefined {
  const { status } = answer
  if (away.includes(status))
    throw new CallbusError('DISPATCH_UNREACHABLE', { reason: `it answered ${status}` })
  if (status !== 404 && (status < 200 || status > 299)) {
    throw new CallbusError('DISPATCH_REFUSED', { request, status, reason: 'as the HTTP status' })
  }
  const value = fromJson(request, answer)
  if (status === 404) {
    if (isNotFound.Check(value)) return undefined
    throw nonsense(request, answer, 'there is nothing at this address')
  }
  if (validator.Check(value)) return value as Value
  const [first] = validator.Errors(value)
  throw nonsense(request, answer, `\`${first?.instancePath ?? ''}\` ${first?.message ?? 'is wrong'}`)
}

function fromJson(request: Verb, answer: Answer): unknown {
  try {
    return JSON.parse(answer.text)
  } catch {
    throw nonsense(request, answer, 'it is no JSON')
  }
}

/** The answer's text stays out of the sentence: it may hold phones and balances. */
function nonsense(request: Verb, { status, text }: Answer, why: string): CallbusError {
  const reason = `${why} (HTTP ${status}, ${text.length} characters)`
  return new CallbusError('DISPATCH_NONSENSE', { request, reason })
}
