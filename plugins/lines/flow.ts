import { type LocalTime, partOfDay } from '#core/calendar.ts'
import type { Clock } from '#core/clock.ts'
import type { Call, Caller, Saying } from '#core/plugin.ts'
import type { Clients, Group, Menu, Scenario } from './settings.ts'
import { words } from './words.ts'

export interface Times {
  clock: Clock
  localTime: LocalTime
}

export function speaksTo(call: Call, scenario: Scenario, times: Times): boolean {
  return scenario.menus.length > 0 || greetingOf(call, scenario, times) !== undefined
}

/** Greeting and questions, before anything is decided. */
export async function receive(caller: Caller, { menus, ...scenario }: Scenario, times: Times) {
  const greeting = greetingOf(caller.call, scenario, times)
  if (greeting) await caller.say(greeting)
  for (const menu of menus) if ((await ask(caller, menu)) === 'led on') return
}

function greetingOf(
  call: Pick<Call, 'line' | 'again'>,
  { greeting }: Pick<Scenario, 'greeting'>,
  { clock, localTime }: Times,
): Saying | undefined {
  // Taken over after a restart, he was greeted before.
  if (call.again) return undefined
  if (greeting === false) return undefined
  if (typeof greeting === 'string') return words.greeting({ text: greeting })
  const part = partOfDay(Math.floor(localTime.at(clock.now()).time / 3_600_000))
  const text = greeting?.[part]
  if (text !== undefined) return words.greeting({ text })
  const { brand } = call.line
  return brand === undefined ? undefined : words.brandGreeting({ part, brand })
}

async function ask(caller: Caller, { say, keys, attempts, patience }: Menu): Promise<'led on' | 'goes on'> {
  const choices = Object.fromEntries(Object.keys(keys).map((key) => [key, key]))
  const key = await caller.choose(words.menu({ text: say }), choices, { attempts, patience })
  const chosen = key === undefined ? undefined : keys[key]
  if (!chosen) return 'goes on'
  const { goTo, ...what } = chosen
  if (Object.keys(what).length > 0) caller.chose(what)
  if (goTo === undefined) return 'goes on'
  await caller.transferTo(goTo, `pressed ${key}`)
  return 'led on'
}

export async function sayClosed(caller: Caller, { say, goTo }: Scenario['closed']) {
  await caller.say(say === undefined ? words.closed : words.closedBecause({ text: say }))
  if (goTo !== undefined) return await caller.transferTo(goTo, 'the line is closed')
  caller.served('heard that we are closed')
}

/** Rings given people; whoever talked to one of them is done. */
export async function ringPeople(
  caller: Caller,
  people: Pick<Group | Clients, 'phones' | 'way' | 'ringFor'>,
) {
  await caller.answer()
  const partner = await reachAny(caller, people)
  if (!partner) return
  await caller.talkTo(partner)
  await caller.hangUp()
}

async function reachAny(caller: Caller, { phones, way, ringFor }: Pick<Group, 'phones' | 'way' | 'ringFor'>) {
  using _music = caller.playOnHold()
  for (const turn of way === 'together' ? [phones] : phones.map((phone) => [phone])) {
    const partner = await caller.reach({ phones: turn, ringFor, show: 'caller' })
    if (partner) return partner
  }
  return undefined
}

export async function ringGroup(caller: Caller, group: Group) {
  await ringPeople(caller, group)
  await caller.transferTo(group.goTo ?? caller.call.line.fallback, 'nobody of the group answered')
}
