import type { Caller, Saying } from '#core/plugin.ts'
import type { Level } from './results.ts'
import type { Settings } from './settings.ts'
import type { Talk } from './talks.ts'
import { words } from './words.ts'

export interface CallbackDesk {
  settings: Pick<Settings, 'patience' | 'operatorsPlace' | 'driverPlace'>
  hasPlace(name: string): boolean
  /** Shows dispatchers the order he wants to talk about; nobody waits for it. */
  raiseOrder(talk: Talk): void
}

/** He was told already and said what he wants, before we were interrupted. */
export async function goOn(
  caller: Caller,
  level: Level | null | undefined,
  desk: CallbackDesk,
): Promise<void> {
  if (level === 'reached_confirmed') return await caller.say(words.thanks)
  if (level === 'asked_operator' || level === undefined)
    return await caller.transferTo(desk.settings.operatorsPlace, 'interrupted on his way to an operator')
}

/** After so many repeats he has heard it. */
const mostRepeats = 5

/** How the order stands, twice; 9 again, 1 coming out, 2 operator, 3 driver; silence is a goodbye. */
export async function tellNews(caller: Caller, talk: Talk, desk: CallbackDesk): Promise<void> {
  for (let told = 0; told < mostRepeats; told += 1) {
    const choice = await caller.choose(talk.news.sayings, talk.news.keys, {
      attempts: told === 0 ? 2 : 1,
      patience: desk.settings.patience,
      onHeard() {
        void talk.reached('reached_heard')
        caller.served('heard how the order stands')
      },
    })
    switch (choice) {
      case 'repeat':
        continue
      case 'confirm':
        await talk.reached('reached_confirmed')
        caller.served('is coming out')
        return await caller.say(words.thanks)
      case 'operator':
        return await toOperator(caller, talk, desk, words.connectingToOperator)
      case 'driver':
        return await toDriver(caller, talk, desk)
      case undefined:
        return
    }
  }
}

async function toDriver(caller: Caller, talk: Talk, desk: CallbackDesk): Promise<void> {
  const { driverPlace } = desk.settings
  if (!desk.hasPlace(driverPlace)) return await toOperator(caller, talk, desk, words.connectingToOperator)
  await talk.reached('reached_heard')
  talk.over()
  await caller.say(words.connectingToDriver)
  await caller.transferTo(driverPlace, about(talk, 'wants the driver'))
}

async function toOperator(caller: Caller, talk: Talk, desk: CallbackDesk, goodbye: Saying): Promise<void> {
  await talk.reached('asked_operator')
  desk.raiseOrder(talk)
  await caller.say(goodbye)
  await caller.transferTo(desk.settings.operatorsPlace, about(talk, 'wants an operator'))
}

function about({ order, because }: Talk, wish: string): string {
  return [order && `order ${order}`, because, wish].filter(Boolean).join(': ')
}
