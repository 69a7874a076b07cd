/** The neighbours that the settings name, each through its adapter: the exchange, the dispatch program, speech, messages. */
import type { Adapter, Ports } from './adapter.ts'
import { type AdapterHostOptions, connectAdapter } from './adapter-host.ts'
import type { CallBus } from './call-bus/call-bus.ts'
import type { KeptRequests } from './kept-requests.ts'
import { connectCarriers } from './messages/carriers.ts'
import { moreThanOne, type OnlyPort } from './only-ports.ts'
import type { MessageCarrier } from './ports/messages.ts'
import type { TelephonyEvent } from './ports/telephony.ts'
import { type Settings, SettingsInvalid } from './settings.ts'

export interface ConnectedNeighbours {
  telephony: Ports['telephony']['port']
  dispatch: Ports['dispatch']['port'] | undefined
  speech: Ports['speech']['port'] | undefined
  carriers: Map<string, MessageCarrier>
  /** What they have said so far, and from now on what they say. */
  listen(exchange: (event: TelephonyEvent) => void): void
}

export async function connectNeighbours(parts: {
  adapters: readonly Adapter[]
  settings: Pick<Settings, 'adapters' | 'messages'>
  bus: CallBus
  requests: Pick<KeptRequests, 'keeperFor'>
  own: AdapterHostOptions
}): Promise<ConnectedNeighbours> {
  const { adapters, settings, bus, requests, own } = parts
  const sectionOf = (adapter: Adapter) => settings.adapters[adapter.name]

  const dispatchReports = heldReports<Ports['dispatch']['event']>()
  const dispatchAdapter = providing(adapters, 'dispatch')
  const dispatch =
    dispatchAdapter &&
    (await connectAdapter(
      dispatchAdapter,
      sectionOf(dispatchAdapter),
      Object.assign(dispatchReports.report, { kept: requests.keeperFor(dispatchAdapter.name) }),
      own,
    ))

  const speechReports = heldReports<Ports['speech']['event']>()
  const speechAdapter = providing(adapters, 'speech')
  const speech =
    speechAdapter &&
    (await connectAdapter(speechAdapter, sectionOf(speechAdapter), speechReports.report, own))

  const reports = heldReports<TelephonyEvent>()
  const telephonyAdapter = providing(adapters, 'telephony')
  if (!telephonyAdapter) throw new SettingsInvalid(['`adapters` names no exchange, such as `asterisk`'])
  const telephony = await connectAdapter(telephonyAdapter, sectionOf(telephonyAdapter), reports.report, own)
  const carriers = await connectCarriers(adapters, settings, own)

  function hearDispatch(event: Ports['dispatch']['event']) {
    switch (event.name) {
      case 'connection.changed':
        return bus.publish(event.name, { neighbour: 'dispatch', ...withoutName(event) })
      case 'order.stage-changed':
        return bus.publish(event.name, withoutName(event))
    }
  }

  return {
    telephony,
    dispatch,
    speech,
    carriers,
    listen(exchange) {
      dispatchReports.open(hearDispatch)
      speechReports.open((event) => bus.publish(event.name, { neighbour: 'speech', ...withoutName(event) }))
      reports.open(exchange)
    },
  }
}

function providing<Port extends OnlyPort>(
  adapters: readonly Adapter[],
  port: Port,
): Adapter<Port> | undefined {
  const mistakes = moreThanOne(port, adapters)
  if (mistakes.length > 0) throw new SettingsInvalid(mistakes)
  return adapters.find((adapter): adapter is Adapter<Port> => adapter.provides === port)
}

/** Neighbours may speak before the house is open: what they say waits. */
function heldReports<Event>() {
  const waiting: Event[] = []
  let hear: (event: Event) => void = (event) => waiting.push(event)
  return {
    report: (event: Event) => hear(event),
    open(handle: (event: Event) => void) {
      hear = handle
      for (const event of waiting.splice(0)) handle(event)
    },
  }
}

function withoutName<Event extends { name: string }>({ name: _, ...data }: Event): Omit<Event, 'name'> {
  return data
}
