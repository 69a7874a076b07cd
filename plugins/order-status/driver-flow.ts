import type { Caller } from '#core/plugin.ts'
import { joinWith, type OrderDesk, toOperator } from './desk.ts'
import type { Sighting } from './reading.ts'
import { words } from './words.ts'

/** A driver hears where his order is: 1 the client, 2 operator, 9 repeat, silence to an operator. */
export async function tellDriver(caller: Caller, known: Sighting, desk: OrderDesk): Promise<void> {
  await caller.answer()
  // Who called was answered without the address and perhaps without the client's number.
  const seen = await desk.fresh({ ...known, readAt: 0 }, caller.signal)
  if (!seen) return await toOperator(caller, desk, 'the order has moved on')
  const { pickup, phoneToDial: client } = seen.order

  for (let told = 0; told < desk.settings.repeats; told += 1) {
    const choice = await caller.choose(
      [words.driversOrder({ pickup }), client ? words.driverKeys : words.driverKeysWithoutClient],
      { ...(client && { 1: 'client' }), 2: 'operator', 9: 'repeat' } as Record<string, Choice>,
      { patience: desk.settings.patience, onHeard: () => caller.served('heard about his order') },
    )
    if (choice === 'repeat') continue
    if (choice === 'client' && client) {
      if (await desk.bridge(seen.order, caller)) return
      await caller.say(words.connectingToClient)
      if (await joinWith(caller, client, desk)) return
      await caller.say(words.clientUnavailable)
    }
    if (choice === 'operator') await caller.say(words.connectingToOperator)
    return await toOperator(
      caller,
      desk,
      choice === undefined ? 'a driver said nothing' : `a driver pressed for: ${choice}`,
    )
  }
  await toOperator(caller, desk, 'a driver listened to every repeat')
}

type Choice = 'client' | 'operator' | 'repeat'
