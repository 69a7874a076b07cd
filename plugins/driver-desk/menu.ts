import type { Caller, Saying } from '#core/plugin.ts'
import type { Stage } from '#core/ports/dispatch.ts'
import { balancePlace, bridgePlace, type Desk, type Driver } from './desk.ts'
import { words } from './words.ts'

const choices = {
  1: 'balance',
  2: 'order',
  3: 'client',
  4: 'at place',
  5: 'off line',
  9: 'repeat',
  0: 'operator',
} as const
export type Choice = (typeof choices)[keyof typeof choices]

const sayings: Record<Choice, Saying> = {
  balance: words.balanceKey,
  order: words.orderKey,
  client: words.clientKey,
  'at place': words.atPlaceKey,
  'off line': words.offLineKey,
  repeat: words.repeatKey,
  operator: words.operatorKey,
}

const onTheWay: readonly Stage[] = ['assigned', 'driver_on_way']
const withClient: readonly Stage[] = [...onTheWay, 'arrived', 'client_in_car']

/** Only what can be done now is offered; the keys are always the same. */
export async function menuFor(caller: Caller, driver: Driver, desk: Desk) {
  const { dispatch, hasPlace, settings } = desk
  const { id, order } = driver
  const stage = order?.stage ?? 'new'
  const isOffered: Record<Choice, boolean> = {
    balance: hasPlace(balancePlace),
    order: order !== undefined,
    client: withClient.includes(stage) && hasPlace(bridgePlace),
    'at place': onTheWay.includes(stage) && (await maySayAtPlace(caller, driver, desk)),
    'off line': settings.offLine && id !== undefined && dispatch.capabilities.has('takeOffLine'),
    repeat: true,
    operator: true,
  }
  const offered = Object.entries(choices).filter(([, choice]) => isOffered[choice])
  // Numbers as names come in their order: the operator's key is said last all the same.
  const said = [...offered.filter(([key]) => key !== '0'), ...offered.filter(([key]) => key === '0')]
  return { text: said.map(([, choice]) => sayings[choice]), keys: Object.fromEntries(offered) }
}

async function maySayAtPlace(caller: Caller, { id }: Driver, desk: Desk): Promise<boolean> {
  const { ask, dispatch, settings } = desk
  if (!dispatch.capabilities.has('changeStage')) return false
  if (typeof settings.atPlace === 'string') return settings.atPlace === 'everybody'
  if (settings.atPlace.length === 0 || id === undefined || !dispatch.capabilities.has('crews')) return false
  const crews = await ask('crews', caller.signal, dispatch.crews)
  const crew = crews === 'silent' ? undefined : crews.answer.find(({ driverId }) => driverId === id)
  return crew !== undefined && settings.atPlace.includes(crew.callSign)
}
