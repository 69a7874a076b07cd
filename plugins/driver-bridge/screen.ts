import type { Call } from '#core/calls/call.ts'
import type { Caller, Verdict } from '#core/plugin.ts'
import type { Phone } from '#core/schema.ts'
import type { Lately } from './lately.ts'
import type { Lines } from './lines.ts'
import { type Meeting, remembered } from './meetings.ts'
import type { Pairs } from './pairs.ts'

interface Reception {
  lately: Lately
  lines: Lines
  pairs: Pairs
  byDispatch(call: Call): Promise<Meeting[]>
  connect(caller: Caller, meetings: readonly Meeting[]): Promise<void>
  tellOrder(call: string, order: string): void
  operatorsPlace: string
}

/** Who dials back reaches his partner: on a hiding line always, on others for a short time after we rang him. */
export function openScreen(house: Reception): (call: Call) => Verdict | Promise<Verdict> {
  const { lately, lines, pairs, operatorsPlace, connect } = house
  const toOperator = (because: string): Verdict => ({ sendTo: operatorsPlace, because })
  const toPartner = (meetings: readonly Meeting[]): Verdict => ({
    talk: (caller) => connect(caller, meetings),
    because: `dials back about ${about(meetings)}`,
  })

  async function onHidingLine(call: Call, from: Phone, line: string): Promise<Verdict> {
    const known = pairs.of(from, line)
    const alive = known.filter(pairs.isAlive)
    if (alive.length > 0) return toPartner(alive.map((pair) => remembered(pair, from)))

    const [meeting] = await house.byDispatch(call)
    if (meeting) return toPartner([meeting])
    const [last] = known
    if (!last) return toOperator('nobody has an order with this number')
    house.tellOrder(call.id, last.order)
    return toOperator(`order ${last.order} is over`)
  }

  return (call) => {
    const line = lines.dialled(call.to)
    if (call.from === undefined) return line === undefined ? 'welcome' : toOperator('the number is withheld')
    if (line !== undefined) return onHidingLine(call, call.from, line)
    const two = lately.of(call.from)
    return two ? toPartner([remembered(two, call.from)]) : 'welcome'
  }
}

function about(meetings: readonly Meeting[]): string {
  const [first, ...more] = meetings
  if (more.length > 0) return `one of ${meetings.length} orders`
  return first?.order === undefined ? 'our call' : `order ${first.order}`
}
