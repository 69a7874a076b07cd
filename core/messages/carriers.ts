/** Every way people can be told by, under the name of its adapter. */
import type { Adapter } from '../adapter.ts'
import { type AdapterHostOptions, connectAdapter } from '../adapter-host.ts'
import { CallbusError } from '../errors.ts'
import type { MessageCarrier } from '../ports/messages.ts'
import type { Settings } from '../settings.ts'
import { mistakesOf } from './responsible.ts'

export async function connectCarriers(
  adapters: readonly Adapter[],
  settings: Pick<Settings, 'adapters' | 'messages'>,
  own: AdapterHostOptions,
): Promise<Map<string, MessageCarrier>> {
  const ways = adapters.filter(isCarrier)
  const mistakes = mistakesOf(
    settings.messages,
    ways.map(({ name }) => name),
  )
  if (mistakes.length > 0) throw new CallbusError('SETTINGS_INVALID', { mistakes: mistakes.join('; ') })
  const carriers = new Map<string, MessageCarrier>()
  for (const way of ways)
    carriers.set(way.name, await connectAdapter(way, settings.adapters[way.name], () => undefined, own))
  return carriers
}

function isCarrier(adapter: Adapter): adapter is Adapter<'messages'> {
  return adapter.provides === 'messages'
}
