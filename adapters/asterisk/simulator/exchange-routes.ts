import type { Application } from './application.ts'
import type { Exchange } from './exchange.ts'
import { Refusal } from './refusal.ts'
import { noContent, ok, type Parameters, type Route, type Services } from './requests.ts'

function applicationJson(exchange: Exchange, { name, subscriptions, allowed, disallowed }: Application) {
  const channels = [...exchange.channels.values()].filter(
    (channel) => channel.app === name || channel.watchers.has(name),
  )
  const bridges = [...exchange.bridges.values()].filter((bridge) =>
    [...bridge.channels].some((one) => one.app === name),
  )
  const subscribed = (kind: string) =>
    [...subscriptions]
      .filter((source) => source.startsWith(`${kind}:`))
      .map((source) => source.slice(kind.length + 1))
  return {
    name,
    channel_ids: [...new Set([...channels.map(({ id }) => id), ...subscribed('channel')])],
    bridge_ids: [...new Set([...bridges.map(({ id }) => id), ...subscribed('bridge')])],
    endpoint_ids: subscribed('endpoint'),
    device_names: subscribed('deviceState'),
    events_allowed: allowed,
    events_disallowed: disallowed,
  }
}

function sourcesOf(parameters: Parameters, exchange: Exchange): string[] {
  const sources = parameters.list('eventSource')
  if (sources.length === 0) throw new Refusal(400, 'Missing parameter eventSource')
  for (const source of sources) {
    const [kind = '', id = ''] = source.split(/:(.*)/s)
    const exists =
      (kind === 'channel' && exchange.channels.has(id)) ||
      (kind === 'bridge' && exchange.bridges.has(id)) ||
      ['endpoint', 'deviceState'].includes(kind)
    if (!exists) throw new Refusal(422, 'Event source does not exist')
  }
  return sources
}

function endpointJson({ dialing }: Services, number: string) {
  const phone = dialing.phones.find(number)
  if (!phone && number === 'trunk')
    return { technology: 'PJSIP', resource: number, state: 'online', channel_ids: [] }
  if (!phone) throw new Refusal(404, 'Endpoint not found')
  return {
    technology: 'PJSIP',
    resource: phone.number,
    state: phone.habits.unreachable ? 'offline' : 'online',
    channel_ids: phone.calls.filter(({ stage }) => stage !== 'ended').map(({ leg }) => leg),
  }
}

/** The exchange as a whole, its programs, its phones. */
export const exchangeRoutes: Route[] = [
  {
    method: 'GET',
    path: 'asterisk/info',
    handle: (_, __, { exchange, version }) =>
      ok({
        build: {
          os: 'Linux',
          kernel: 'simulated',
          options: '',
          machine: 'x86_64',
          date: '2026-01-01',
          user: 'callbus',
        },
        system: { version, entity_id: '02:00:00:00:00:51' },
        config: { name: 'simulator', default_language: 'en', setid: { user: '', group: '' } },
        status: { startup_time: exchange.startedAt, last_reload_time: exchange.startedAt },
      }),
  },
  {
    method: 'GET',
    path: 'asterisk/ping',
    handle: (_, __, { exchange }) =>
      ok({ asterisk_id: '02:00:00:00:00:51', ping: 'pong', timestamp: exchange.timestamp() }),
  },
  {
    method: 'GET',
    path: 'asterisk/variable',
    handle: (_, parameters, { exchange }) =>
      ok({ value: exchange.variables.get(parameters.text('variable')) ?? '' }),
  },
  {
    method: 'POST',
    path: 'asterisk/variable',
    handle(_, parameters, { exchange }) {
      exchange.variables.set(parameters.text('variable'), parameters.text('value'))
      return noContent
    },
  },
  {
    method: 'GET',
    path: 'applications',
    handle: (_, __, { exchange }) =>
      ok([...exchange.applications.values()].map((one) => applicationJson(exchange, one))),
  },
  {
    method: 'GET',
    path: 'applications/:name',
    handle: ({ name = '' }, _, { exchange }) => ok(applicationJson(exchange, exchange.findApplication(name))),
  },
  {
    method: 'POST',
    path: 'applications/:name/subscription',
    handle({ name = '' }, parameters, { exchange }) {
      const application = exchange.findApplication(name)
      for (const source of sourcesOf(parameters, exchange)) application.subscriptions.add(source)
      return ok(applicationJson(exchange, application))
    },
  },
  {
    method: 'DELETE',
    path: 'applications/:name/subscription',
    handle({ name = '' }, parameters, { exchange }) {
      const application = exchange.findApplication(name)
      for (const source of parameters.list('eventSource')) application.subscriptions.delete(source)
      return ok(applicationJson(exchange, application))
    },
  },
  {
    method: 'PUT',
    path: 'applications/:name/eventFilter',
    handle({ name = '' }, parameters, { exchange }) {
      const application = exchange.findApplication(name)
      application.allowed = parameters.patterns('allowed') ?? application.allowed
      application.disallowed = parameters.patterns('disallowed') ?? application.disallowed
      return ok(applicationJson(exchange, application))
    },
  },
  {
    method: 'POST',
    path: 'events/user/:name',
    handle({ name = '' }, parameters, { exchange }) {
      const application = exchange.findApplication(parameters.text('application'))
      application.deliver({
        type: 'ChannelUserevent',
        eventname: name,
        userevent: {},
        timestamp: exchange.timestamp(),
      })
      return noContent
    },
  },
  {
    method: 'GET',
    path: 'events',
    handle() {
      throw new Refusal(400, 'The WebSocket handshake is missing')
    },
  },
  {
    method: 'GET',
    path: 'endpoints',
    handle: (_, __, services) =>
      ok(services.dialing.phones.all().map(({ number }) => endpointJson(services, number))),
  },
  {
    method: 'GET',
    path: 'endpoints/:tech',
    handle: (_, __, services) =>
      ok(services.dialing.phones.all().map(({ number }) => endpointJson(services, number))),
  },
  {
    method: 'GET',
    path: 'endpoints/:tech/:number',
    handle: ({ number = '' }, _, services) => ok(endpointJson(services, number)),
  },
  {
    method: 'GET',
    path: 'deviceStates/:name',
    handle: ({ name = '' }, _, { exchange }) =>
      ok({ name, state: exchange.deviceStates.get(name) ?? 'UNKNOWN' }),
  },
  {
    method: 'PUT',
    path: 'deviceStates/:name',
    handle({ name = '' }, parameters, { exchange }) {
      if (!name.startsWith('Stasis:')) throw new Refusal(409, 'Uncontrolled device specified')
      exchange.deviceStates.set(name, parameters.text('deviceState'))
      return noContent
    },
  },
  { method: 'GET', path: 'sounds', handle: () => ok([]) },
]
