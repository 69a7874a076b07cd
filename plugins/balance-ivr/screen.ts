import { asKept, type Phones } from '#core/phones.ts'
import type { Call, Caller, Verdict } from '#core/plugin.ts'
import type { CallerKind } from '#core/ports/dispatch.ts'
import type { Settings } from './settings.ts'

const owners: Partial<Record<CallerKind, Settings['everyLine'][number]>> = {
  driver: 'driver',
  client: 'client',
  corporate: 'client',
}

/** Everybody on the balance lines, and on the others who is to hear it at once. */
export function openScreen(parts: {
  phones: Pick<Phones, 'toE164'>
  settings: Pick<Settings, 'everyLine' | 'lines'>
  talk(caller: Caller): Promise<void>
}): (call: Call) => Promise<Verdict> {
  const { phones, settings, talk } = parts
  const lines = new Set(settings.lines.map((line) => asKept(line, phones)))

  return async (call) => {
    if (lines.has(asKept(call.to, phones))) return { talk, because: 'a balance line' }
    if (settings.everyLine.length === 0) return 'welcome'
    const identity = await call.identity
    const owner = identity.lookedUp ? owners[identity.card.kind] : undefined
    return owner && settings.everyLine.includes(owner)
      ? { talk, because: `a ${owner} known by his number` }
      : 'welcome'
  }
}
