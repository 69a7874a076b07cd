import type { Adapter, PortName } from './adapter.ts'

/** Ports that one neighbour fills; people may be told by several ways. */
export type OnlyPort = Exclude<PortName, 'messages'>

export const onlyPorts: Record<OnlyPort, string> = {
  telephony: 'exchange',
  dispatch: 'dispatch program',
  speech: 'service for speech',
}

/** What is wrong with `adapters` when they fill a port twice. */
export function moreThanOne(
  port: OnlyPort,
  adapters: readonly Pick<Adapter, 'name' | 'provides'>[],
): string[] {
  const names = adapters.filter(({ provides }) => provides === port).map(({ name }) => name)
  if (names.length < 2) return []
  return [`\`adapters\` names more than one ${onlyPorts[port]} (${names.join(', ')}); keep one`]
}
