/** Which order a scripted system event speaks of; scripts are written by the site, so many names will do. */
import type { OrderId } from '#core/schema.ts'
import type { Letter } from './letter.ts'

const names = ['order_id', 'orderid', 'order', 'id', 'startparam4']

export function orderOf({ fields }: Letter): OrderId | undefined {
  const found = names.map((name) => fields.get(name)).find((value) => value && /^[1-9]\d{0,14}$/.test(value))
  return found
}
