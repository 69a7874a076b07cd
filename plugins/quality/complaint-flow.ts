import type { Clock } from '#core/clock.ts'
import { type Caller, firstOf } from '#core/plugin.ts'
import type { Complaints } from './complaints.ts'
import type { Settings } from './settings.ts'
import { words } from './words.ts'

export interface ComplaintDesk {
  clock: Clock
  complaints: Pick<Complaints, 'goesOn' | 'begin' | 'end'>
  settings: Pick<Settings['complaints'], 'longest' | 'operatorsPlace'>
}

/** He tells what happened until hash, a hang-up, or too long; 0 leads to an operator. */
export async function takeComplaint(caller: Caller, desk: ComplaintDesk): Promise<void> {
  const { complaints, settings } = desk
  await caller.answer()
  const goesOn = await complaints.goesOn(caller.call.id)
  if (!goesOn) {
    const keys = { 0: 'operator', '#': 'speak' } as const
    const choice = await caller.choose(words.complain, keys, { patience: 0 })
    if (choice === 'operator') return await toOperator(caller, desk)
    if (!(await complaints.begin(caller.call))) {
      await caller.say(words.cannotRecord)
      return await caller.transferTo(settings.operatorsPlace, 'a complaint that could not be recorded')
    }
  }

  const key = await listen(caller, desk, goesOn)
  caller.served('left a complaint')
  if (key === '0') return await toOperator(caller, desk)
  await caller.say(words.complaintTaken)
}

async function listen(
  caller: Caller,
  { clock, complaints, settings }: ComplaintDesk,
  goesOn: boolean,
): Promise<string | undefined> {
  try {
    await caller.say(goesOn ? words.goOn : words.speak)
    const first = await firstOf(caller.signal, {
      key: (signal) => lastKey(caller, signal),
      patience: (signal) => clock.sleep(settings.longest * 1_000, signal),
    })
    return first.won === 'key' ? first.value : undefined
  } finally {
    await complaints.end(caller.call.id)
  }
}

/** Any other key is pressed by a cheek. */
async function lastKey(caller: Caller, signal: AbortSignal): Promise<string> {
  for (;;) {
    const key = await caller.nextKey(signal)
    if (key === '#' || key === '0') return key
  }
}

async function toOperator(caller: Caller, { settings }: ComplaintDesk): Promise<void> {
  await caller.say(words.connectingToOperator)
  await caller.transferTo(settings.operatorsPlace, 'wants to complain to an operator')
}
