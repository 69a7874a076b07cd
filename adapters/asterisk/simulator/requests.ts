import type { Dialing } from './dialing.ts'
import type { Exchange } from './exchange.ts'
import { Refusal } from './refusal.ts'

/** A request as both wires bring it. */
export interface AriRequest {
  method: string
  /** Path and query, without a leading slash: `channels/ID/play?media=sound:x`. */
  uri: string
  contentType?: string | undefined
  body?: string | undefined
}

export interface AriAnswer {
  status: number
  /** JSON, or a file's bytes. */
  body?: unknown
}

/** What a request carries besides its path. Keys of the body win over the query. */
export interface Parameters {
  text(name: string, otherwise?: string): string
  number(name: string, otherwise: number): number
  list(name: string): string[]
  object(name: string): Record<string, unknown>
  /** Event patterns, `undefined` when the request says nothing of them. */
  patterns(name: string): ({ type: string } & Record<string, unknown>)[] | undefined
}

export interface Services {
  exchange: Exchange
  dialing: Dialing
  version: string
}

export interface Route {
  method: string
  path: string
  handle(
    ids: Record<string, string>,
    parameters: Parameters,
    services: Services,
  ): AriAnswer | Promise<AriAnswer>
}

export const noContent: AriAnswer = { status: 204 }
export const ok = (body: unknown): AriAnswer => ({ status: 200, body })
export const made = (body: unknown): AriAnswer => ({ status: 201, body })

/** Answers a request by the table of routes, oddities included. */
export function openRequests(routes: readonly Route[], services: Services) {
  const table = routes.map((route) => ({ ...route, parts: route.path.split('/') }))

  return async (request: AriRequest): Promise<AriAnswer> => {
    try {
      const [pathname = '', query] = request.uri.split(/[?#](.*)/s)
      const parts = pathname.split('/').map(decoded)
      const here = table.filter((route) => fits(route.parts, parts))
      if (here.length === 0) throw new Refusal(404, 'Resource not found')
      const route = here.find(({ method }) => method === request.method)
      if (!route) throw new Refusal(405, 'Invalid method')
      const ids: Record<string, string> = {}
      for (const [index, part] of route.parts.entries()) {
        if (part.startsWith(':')) ids[part.slice(1)] = parts[index] ?? ''
      }
      return await route.handle(ids, readParameters(new URLSearchParams(query), request), services)
    } catch (thrown) {
      if (thrown instanceof Refusal)
        return {
          status: thrown.status,
          body: thrown.status === 500 ? { error: thrown.message } : { message: thrown.message },
        }
      services.exchange.log.error({ err: thrown }, 'The simulated exchange broke on a request')
      return { status: 500, body: { message: 'Internal Server Error' } }
    }
  }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw new Refusal(400, 'The address is not encoded properly')
  }
}

function fits(pattern: readonly string[], parts: readonly string[]): boolean {
  return (
    pattern.length === parts.length &&
    pattern.every((part, index) => part.startsWith(':') || part === parts[index])
  )
}

function readParameters(query: URLSearchParams, { body, contentType }: AriRequest): Parameters {
  const fields = readBody(body, contentType)
  const value = (name: string) => fields[name] ?? query.get(name) ?? undefined
  return {
    text: (name, otherwise = '') => String(value(name) ?? otherwise),
    number(name, otherwise) {
      const raw = value(name)
      return raw === undefined || raw === '' ? otherwise : Number(raw)
    },
    list(name) {
      const raw = fields[name] ?? query.getAll(name)
      return (Array.isArray(raw) ? raw : [raw]).flatMap((one) => String(one).split(',')).filter(Boolean)
    },
    object(name) {
      const raw = fields[name]
      return raw && typeof raw === 'object' ? (raw as Record<string, unknown>) : {}
    },
    patterns(name) {
      const raw = fields[name]
      return Array.isArray(raw) ? raw.filter((one) => typeof one?.type === 'string') : undefined
    },
  }
}

function readBody(body: string | undefined, contentType: string | undefined): Record<string, unknown> {
  if (!body) return {}
  if (!contentType) throw new Refusal(400, 'A content type is required with a body')
  if (contentType.startsWith('application/x-www-form-urlencoded'))
    return Object.fromEntries(new URLSearchParams(body))
  try {
    const parsed: unknown = JSON.parse(body)
    if (parsed && typeof parsed === 'object') return parsed as Record<string, unknown>
  } catch {
    // Answered below like anything that is no object.
  }
  throw new Refusal(400, 'Failed to parse JSON')
}
