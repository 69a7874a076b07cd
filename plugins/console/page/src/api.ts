/** What the page asks of the house, in the house's own shapes. */
import type { Stamped } from '#core/call-bus/events.ts'

export type { FactName, Stamped } from '#core/call-bus/events.ts'

export interface Me {
  name: string
  role: string
  rights: string[]
  /** Whose routes there are. */
  plugins: string[]
  site: { name: string; country: string; language: string }
  serverTime: number
}

export type CallStep = 'ringing' | 'conversing' | 'waiting' | 'talking' | 'ended'

export interface CallView {
  id: string
  /** `out`: we rang. */
  direction: 'in' | 'out'
  from?: string
  to: string
  line: string
  language: string
  at: number
  answeredAt?: number
  talkingAt?: number
  endedAt?: number
  state: CallStep
  /** When this state began. */
  since: number
  with?: string
  priority: number
  kind?: string
  result?: string
  because?: string
}

export interface Neighbour {
  name: string
  state: 'connecting' | 'connected' | 'lost'
  because?: string
}

export interface Story {
  call: CallView
  facts: Stamped[]
}

/** `status` is 0 when the house could not be reached at all. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string | undefined

  constructor(status: number, code: string | undefined, sentence: string) {
    super(sentence)
    this.status = status
    this.code = code
  }
}

export const api = {
  me: () => ask<Me>('/api/v1/me'),
  signIn: (name: string, password: string) => send('/api/v1/sign-in', { name, password }),
  signOut: () => send('/api/v1/sign-out', {}),
  neighbours: async () => (await ask<{ neighbours: Neighbour[] }>('/api/v1/neighbours')).neighbours,
  liveCalls: () => calls({ live: 'true', limit: '500' }),
  endedCalls: (limit: number) => calls({ live: 'false', limit: String(limit) }),
  callsOf: (phone: string) => calls({ phone, limit: '100' }),
  story: (call: string) => ask<Story>(`/api/v1/calls/${encodeURIComponent(call)}/story`),
  join: (order: string, key: string) => send('/api/plugins/driver-bridge/joins', { order, key }),
  settings: () => ask<{ waitLimit: number }>('/api/plugins/console/settings'),
}

async function calls(query: Record<string, string>): Promise<CallView[]> {
  return (await ask<{ calls: CallView[] }>(`/api/v1/calls?${new URLSearchParams(query)}`)).calls
}

export async function ask<Answer>(path: string): Promise<Answer> {
  return (await (await reach(path)).json()) as Answer
}

export async function send(
  path: string,
  body: object,
  method: 'POST' | 'PUT' | 'DELETE' = 'POST',
): Promise<void> {
  await reach(path, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}

async function reach(path: string, request: RequestInit = {}): Promise<Response> {
  let response: Response
  try {
    response = await fetch(path, { ...request, signal: AbortSignal.timeout(10_000) })
  } catch (thrown) {
    throw new ApiError(0, undefined, String(thrown))
  }
  if (response.ok) return response

  const answer = (await response.json().catch(() => ({}))) as { code?: string; message?: string }
  throw new ApiError(response.status, answer.code, answer.message ?? response.statusText)
}
