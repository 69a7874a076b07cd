/** A parked client is picked up by dialling: his slot is spoken, and once the phone is free it rings for him. */
import type { Caller } from '#core/plugin.ts'
import type { Switchboard } from './flow.ts'
import { words } from './words.ts'

export async function pickUpByCode(
  caller: Caller,
  { errands, isBusy, settings }: Switchboard,
): Promise<void> {
  const { extension, to } = caller.call
  if (extension === undefined) return await caller.hangUp()
  await caller.answer()
  caller.served('dialled a code')
  const slot = to.slice(settings.parking.code.length)
  if (!/^[0-9]{0,4}$/.test(slot)) return await caller.say(words.unknownCode)
  if (isBusy(extension)) return await caller.say(words.notNow)
  const wanted = slot === '' ? undefined : Number(slot)
  using promised = errands.promise(wanted)
  if (!promised)
    return await caller.say(wanted === undefined ? words.nobodyParked : words.nobodyThere({ slot: wanted }))
  try {
    await caller.say(words.ringsForHim(promised))
    await caller.hangUp()
  } finally {
    // While he listens his phone is not free; nor does he have to listen to the end.
    await isGone(caller.signal)
    promised.pickUp(extension)
  }
}

async function isGone(signal: AbortSignal) {
  if (signal.aborted) return
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
}
