import type { Saying } from '#core/plugin.ts'
import type { Order, Stage } from '#core/ports/dispatch.ts'
import type { Language } from '#core/schema.ts'
import type { Rule } from './rules.ts'
import { words } from './words.ts'

/** What the client hears of his order, and what he can do about it. */
export interface News {
  /** Who calls, how the order stands, which keys there are. */
  sayings: readonly Saying[]
  keys: Readonly<Record<string, Choice>>
}
export type Choice = 'repeat' | 'confirm' | 'operator' | 'driver'

export function toNews(rule: Rule, order: Order | undefined): News {
  const stage = stageOf(rule, order)
  const confirm = rule.say === 'coming' || stage === 'arrived' || stage === 'no_show'
  const driver = order?.driverPhone !== undefined && withDriver.includes(order.stage)
  return {
    sayings: [words.greeting, ...textOf(rule, order), words.keys({ confirm, driver })],
    keys: {
      9: 'repeat',
      2: 'operator',
      ...(confirm && { 1: 'confirm' as const }),
      ...(driver && { 3: 'driver' as const }),
    },
  }
}

/** A rule of a stage speaks of that stage, also when whoever asked for it is ahead of what can be read. */
function stageOf({ on }: Rule, order: Order | undefined): Stage | 'delayed' | 'request' {
  return on === 'request' || on === 'delayed' ? (order?.stage ?? on) : on
}

const withDriver: readonly Stage[] = ['assigned', 'driver_on_way', 'arrived', 'no_show']

function textOf(rule: Rule, order: Order | undefined): Saying[] {
  const { car, minutes } = order ?? {}
  if (rule.text) return [ownText(rule.name, rule.text), ...(car ? [words.car({ car })] : [])]
  switch (rule.say) {
    case 'delayed':
      return [words.delayed({ car, minutes })]
    case 'no_car':
      return [order && isOver(order.stage) ? words.noCarFound : words.noCar]
    case 'cancelled':
      return [words.cancelled]
    case 'coming':
      return [words.areYouComing({ car })]
    case 'state':
      return [stateOf(stageOf(rule, order), order)]
  }
}

function stateOf(stage: Stage | Rule['on'], { car, minutes }: Partial<Order> = {}): Saying {
  switch (stage) {
    case 'assigned':
    case 'driver_on_way':
      return words.coming({ car, minutes })
    case 'arrived':
    case 'client_in_car':
      return words.arrived({ car })
    case 'no_show':
      return words.areYouComing({ car })
    case 'done':
    case 'cancelled_client':
    case 'cancelled_company':
      return words.cancelled
    case 'delayed':
      return words.delayed({ car, minutes })
    case 'new':
    case 'searching':
    case 'request':
      return words.searching
  }
}

export function isOver(stage: Stage): boolean {
  return stage === 'done' || stage === 'cancelled_client' || stage === 'cancelled_company'
}

/** In the language of whoever listens, or the first there is. */
function ownText(rule: string, text: Partial<Record<Language, string>>): Saying {
  return {
    name: `status-callback.text-${rule}`,
    in: (language) => text[language] ?? Object.values(text)[0] ?? '',
  }
}
