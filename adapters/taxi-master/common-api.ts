/** common_api: signed by a header, answered in JSON. */
import Type from 'typebox'
import { Compile } from 'typebox/compile'
import type { Asker } from '#core/asking/asker.ts'
import type { Request, Answer as Wire } from '#core/asking/line.ts'
import { type Answer, nonsense } from './answers.ts'
import { carMethods } from './common-api/cars.ts'
import { orderMethods } from './common-api/orders.ts'
import { peopleMethods } from './common-api/people.ts'
import { routeMethods } from './common-api/routes.ts'
import type { Ask, Shape } from './common-api/shapes.ts'
import { siteMethods } from './common-api/site.ts'
import { sign } from './signature.ts'

const Envelope = Compile(
  Type.Object({
    code: Type.Integer(),
    descr: Type.Optional(Type.Union([Type.String(), Type.Null()])),
    data: Type.Optional(Type.Unknown()),
  }),
)

type Parameters = Record<string, string>

/** Where the parameters go; which of the three a method takes is fixed by Taxi-Master. */
export type Call =
  | { query: Parameters }
  | { form: Parameters }
  | {
      json: object
      /** Doing it twice is as doing it once, so it may be asked again when the connection broke. */
      isRepeatable?: boolean
    }

interface Access {
  key: string
  userId?: number | undefined
}

export function commonRequest(name: string, call: Call, { key, userId }: Access): Request {
  const path = `/common_api/1.0/${name}`
  const signed = (payload: string) => ({
    Signature: sign(payload, key),
    ...(userId !== undefined && { 'X-User-Id': String(userId) }),
  })
  if ('query' in call) {
    const query = new URLSearchParams(call.query).toString()
    return { name, verb: 'GET', path: query ? `${path}?${query}` : path, headers: signed(query) }
  }
  if ('form' in call) {
    const body = new URLSearchParams(call.form).toString()
    const headers = { ...signed(body), 'Content-Type': 'application/x-www-form-urlencoded' }
    return { name, verb: 'POST', path, headers, body }
  }
  const body = JSON.stringify(call.json)
  const headers = { ...signed(body), 'Content-Type': 'application/json' }
  return { name, verb: 'POST', path, headers, body, ...(call.isRepeatable && { isRepeatable: true }) }
}

export function openCommonApi(asker: Asker, access: Access) {
  const ask: Ask = (name, call, shape, signal) =>
    asker.ask(commonRequest(name, call, access), (wire) => read(name, wire, shape), signal)

  return {
    ...siteMethods(ask),
    ...orderMethods(ask),
    ...peopleMethods(ask),
    ...routeMethods(ask),
    ...carMethods(ask),
  }
}
export type CommonApi = ReturnType<typeof openCommonApi>

function read<Data>(name: string, wire: Wire, shape: Shape<Data>): Answer<Data> {
  const envelope = parseJson(wire.text)
  if (!Envelope.Check(envelope)) throw nonsense(name, wire, 'it is not an answer of CommonAPI')
  const { code, descr, data } = envelope
  if (code !== 0) return { ok: false, code, descr: descr ?? '' }
  if (shape.Check(data)) return { ok: true, data }
  const where = shape.Errors(data)[0]?.instancePath
  throw nonsense(name, wire, `its data is not as expected at ${where || 'the top'}`)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    return undefined
  }
}
