import type { Caller } from '#core/plugin.ts'
import { balancePlace, type Desk, type Driver, toOperator } from './desk.ts'
import { type Choice, menuFor } from './menu.ts'
import { words } from './words.ts'

/** The drivers' menu, until he has what he called for or reaches his people; silence brings them too. */
export async function serveDriver(caller: Caller, driver: Driver, desk: Desk): Promise<void> {
  caller.prefer(desk.settings.priority)
  await caller.answer()
  let now = driver
  for (let round = 0; round < desk.settings.rounds; round += 1) {
    const { text, keys } = await menuFor(caller, now, desk)
    const choice = await caller.choose<Record<string, Choice>>(text, keys, {
      patience: desk.settings.patience,
    })
    if (choice === 'repeat') continue
    const next = await serve(caller, choice, now, desk)
    if (next === 'done') return
    now = next
  }
  await toOperator(caller, desk, 'a driver listened to every round')
}

/** What the dispatch program is not heard about, his people can do. */
export async function sayItIsSilent(
  caller: Caller,
  desk: Pick<Desk, 'hasPlace' | 'settings'>,
): Promise<void> {
  await caller.answer()
  await toOperator(caller, desk, 'the dispatch program is silent', words.silent)
}

async function serve(
  caller: Caller,
  choice: Choice | undefined,
  driver: Driver,
  desk: Desk,
): Promise<Driver | 'done'> {
  const { order } = driver
  switch (choice) {
    case 'balance':
      await caller.transferTo(balancePlace, 'a driver asks for his balance')
      return 'done'
    case 'order':
      return await tellOrder(caller, driver, desk)
    case 'client':
      if (order) await desk.bridge(order, caller)
      return 'done'
    case 'at place':
      return await sayAtPlace(caller, driver, desk)
    case 'off line':
      return await goOffLine(caller, driver, desk)
    case 'operator':
      await toOperator(caller, desk, 'a driver pressed for: operator', words.toOperator)
      return 'done'
    default:
      await toOperator(caller, desk, 'a driver said nothing')
      return 'done'
  }
}

async function tellOrder(caller: Caller, driver: Driver, desk: Desk): Promise<Driver | 'done'> {
  const id = driver.order?.id ?? ''
  // Who called was answered without the address.
  const found = await desk.ask('findOrder', caller.signal, (until) => desk.dispatch.findOrder(id, until))
  if (found === 'silent') return await silent(caller, desk)
  const { order: _before, ...himself } = driver
  const order = found.answer
  await caller.say(order ? words.order({ pickup: order.pickup }) : words.noOrder)
  caller.served('heard about his order')
  return order ? { ...himself, order } : himself
}

async function sayAtPlace(caller: Caller, driver: Driver, desk: Desk): Promise<Driver | 'done'> {
  const { order } = driver
  if (!order) return driver
  const said = await desk.ask('changeStage', caller.signal, () => desk.sayAtPlace(order, caller))
  if (said === 'silent') return await silent(caller, desk)
  if (said.answer === 'refused') {
    await toOperator(caller, desk, 'the order refused that he is at the place', words.notAtPlace)
    return 'done'
  }
  await caller.say(words.atPlace)
  caller.served('said that he is at the place')
  return { ...driver, order: { ...order, stage: 'arrived' } }
}

async function goOffLine(caller: Caller, driver: Driver, desk: Desk): Promise<Driver | 'done'> {
  const { id } = driver
  if (id === undefined) return driver
  const keys = { 5: 'yes' } as const
  const sure = await caller.choose(words.sureOffLine, keys, { patience: desk.settings.patience })
  if (!sure) return driver
  const taken = await desk.ask('takeOffLine', caller.signal, () => desk.takeOffLine(id, caller))
  if (taken === 'silent') return await silent(caller, desk)
  if (taken.answer === 'refused' || taken.answer === 'too-late') {
    await toOperator(caller, desk, 'he could not be taken off the line', words.stillOnLine)
    return 'done'
  }
  await caller.say(words.offLine)
  caller.served('was taken off the line')
  return 'done'
}

async function silent(caller: Caller, desk: Desk): Promise<'done'> {
  await sayItIsSilent(caller, desk)
  return 'done'
}
