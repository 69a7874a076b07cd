/** What Taxi-Master wants when it starts a script of Oktell. */
import type { DispatchRequest } from '#core/ports/dispatch.ts'
import type { Phone } from '#core/schema.ts'
import type { Letter } from './letter.ts'

/** Joins two phones; every other script is a call to one. */
const joining = 'tmabconnect'
const longest = 200

export interface Script {
  name: string
  parameters: string[]
}

/** `undefined` when no script is named. */
export function toScript({ page, fields }: Letter): Script | undefined {
  const name = page === joining ? joining : fields.get('name')
  if (!name) return undefined
  const last = [5, 4, 3, 2, 1].find((number) => fields.has(`startparam${number}`)) ?? 0
  const parameters = Array.from({ length: last }, (_, index) =>
    (fields.get(`startparam${index + 1}`) ?? '').slice(0, longest),
  )
  return { name: name.slice(0, longest), parameters }
}

/** `undefined` when there is nobody to call. */
export function toRequest(
  { name, parameters }: Script,
  { toPhone, actions }: { toPhone: (raw: string) => Phone | undefined; actions: ReadonlyMap<string, string> },
): DispatchRequest | undefined {
  const [first = '', second = '', , orderId = ''] = parameters
  const order = /^[1-9]\d{0,14}$/.test(orderId) ? { order: orderId } : {}
  const phone = toPhone(first)
  if (!phone) return undefined
  if (name.toLowerCase() === joining) {
    const other = toPhone(second)
    if (!other) return undefined
    return { name: 'join.requested', phones: [phone, other], ...order, parameters }
  }
  const action = actions.get(name.toLowerCase())
  return { name: 'callback.requested', phone, ...order, script: name, ...(action && { action }), parameters }
}
