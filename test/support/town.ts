/** A dispatch program in memory: how its orders stand is the truth, what it is told is kept. */
import type { CallBackReport, Card, Dispatch, DispatchVerb, Order, Stage } from '#core/ports/dispatch.ts'

export const client = '+380671234567'
export const car = { colour: 'белый', make: 'Toyota', plate: 'АА1234ВВ' }
export const driver = '+380501112233'

export function openTown() {
  const orders = new Map<string, Order>()
  const reports: CallBackReport[] = []
  const moves: { order: string; to: string }[] = []
  const cards: Card[] = []
  let broken: Error | undefined
  let reads = 0

  function answer() {
    if (broken) throw broken
  }

  const dispatch: Partial<Dispatch> = {
    capabilities: new Set<DispatchVerb>([
      'findOrder',
      'reportCallBack',
      'changeState',
      'changeStage',
      'raiseCard',
    ]),
    async findOrder(id) {
      reads += 1
      answer()
      return orders.get(id)
    },
    async reportCallBack(report) {
      answer()
      reports.push(report)
    },
    async changeState(order, to) {
      answer()
      moves.push({ order, to })
      const found = orders.get(order)
      if (found) orders.set(order, { ...found, state: { id: to, name: `state ${to}` } })
      return { outcome: 'moved' }
    },
    async changeStage(order, stage) {
      answer()
      moves.push({ order, to: stage })
      stands(order, stage)
      return { outcome: 'moved' }
    },
    async raiseCard(card) {
      cards.push(card)
      return 'shown'
    },
  }

  function stands(id: string, stage: Stage, more: Partial<Order> = {}) {
    const known = orders.get(id)
    const state = { id: `of ${stage}`, name: stage }
    orders.set(id, { phoneToDial: client, car, driverPhone: driver, ...known, ...more, id, stage, state })
  }

  return {
    dispatch,
    orders,
    reports,
    moves,
    cards,
    reads: () => reads,
    /** What it is told from now on fails, until repaired. */
    breakDown(reason = new Error('it is away')) {
      broken = reason
    },
    repair() {
      broken = undefined
    },
    stands,
  }
}
export type Town = ReturnType<typeof openTown>
