/** States that a site made for itself: every installation has others, under ids that mean nothing elsewhere. */
import { type OrderState, orderStates } from './cast.ts'
import { pickFrom, seededRandom } from './random.ts'

const kinds: readonly Pick<OrderState, 'type' | 'kind'>[] = [
  { type: 'accepted', kind: 'new_order' },
  { type: 'in_work', kind: 'driver_assigned' },
  { type: 'in_work', kind: 'driver_assigned' },
  { type: 'in_work', kind: 'car_at_place' },
  { type: 'in_work', kind: 'client_inside' },
  { type: 'finished', kind: 'finished' },
  { type: 'aborted', kind: 'aborted' },
]
const words = ['Позвонить', 'Подтверждён', 'Выходите', 'Ждёт', 'Перезвон', 'Отказ', 'Проверка', 'Пробка']

export function localStates(seed: number, count: number): OrderState[] {
  const random = seededRandom(seed)
  const taken = new Set(orderStates.map(({ id }) => id))
  return Array.from({ length: count }, () => {
    let id = 0
    while (id === 0 || taken.has(id)) id = 15 + Math.floor(random() * 985)
    taken.add(id)
    const kind = pickFrom(kinds, random) ?? kinds[0]
    return { id, name: `${pickFrom(words, random)} ${id}`, ...kind } as OrderState
  })
}
