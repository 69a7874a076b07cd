import type { Channel } from './channel.ts'
import type { Exchange } from './exchange.ts'
import { recordingJson } from './recordings.ts'
import { Refusal } from './refusal.ts'
import { made, noContent, ok, type Parameters, type Route, type Services } from './requests.ts'

function make(id: string, parameters: Parameters, { exchange }: Services) {
  return ok(exchange.addBridge(id, parameters.text('type', 'mixing'), parameters.text('name')).toJson())
}

/** All of them or none. */
function membersOf(exchange: Exchange, ids: readonly string[]): Channel[] {
  if (ids.length === 0) throw new Refusal(400, 'Missing parameter channel')
  return ids.map((id) => {
    const channel = exchange.channels.get(id)
    if (!channel) throw new Refusal(400, 'Channel not found')
    if (channel.app === undefined) throw new Refusal(422, 'Channel not in Stasis application')
    return channel
  })
}

function play(target: string, id: string, parameters: Parameters, { exchange }: Services) {
  const bridge = exchange.findBridge(target)
  if (bridge.isHolding && bridge.music !== undefined)
    throw new Refusal(409, 'Bridge has an announcer already')
  return made(exchange.play(bridge, id, parameters.list('media'), parameters.text('lang', 'en')).toJson())
}

export const bridgeRoutes: Route[] = [
  {
    method: 'GET',
    path: 'bridges',
    handle: (_, __, { exchange }) => ok([...exchange.bridges.values()].map((bridge) => bridge.toJson())),
  },
  {
    method: 'POST',
    path: 'bridges',
    handle: (_, parameters, services) => make(parameters.text('bridgeId'), parameters, services),
  },
  {
    method: 'GET',
    path: 'bridges/:id',
    handle: ({ id = '' }, _, { exchange }) => ok(exchange.findBridge(id).toJson()),
  },
  {
    method: 'POST',
    path: 'bridges/:id',
    handle: ({ id = '' }, parameters, services) => make(id, parameters, services),
  },
  {
    method: 'DELETE',
    path: 'bridges/:id',
    handle({ id = '' }, _, { exchange }) {
      const bridge = exchange.findBridge(id)
      // Asterisk answers before the bridge is gone.
      setImmediate(() => exchange.removeBridge(bridge))
      return noContent
    },
  },
  {
    method: 'POST',
    path: 'bridges/:id/addChannel',
    async handle({ id = '' }, parameters, { exchange }) {
      const bridge = exchange.findBridge(id)
      for (const channel of membersOf(exchange, parameters.list('channel'))) {
        await channel.perform(() => exchange.enterBridge(channel, bridge))
      }
      return noContent
    },
  },
  {
    method: 'POST',
    path: 'bridges/:id/removeChannel',
    async handle({ id = '' }, parameters, { exchange }) {
      const bridge = exchange.findBridge(id)
      const members = membersOf(exchange, parameters.list('channel'))
      if (members.some((channel) => channel.bridge !== bridge))
        throw new Refusal(422, 'Channel not in this bridge')
      for (const channel of members) {
        await channel.perform(() => {
          if (channel.bridge === bridge) exchange.leaveBridge(channel)
        })
      }
      return noContent
    },
  },
  {
    method: 'POST',
    path: 'bridges/:id/moh',
    handle({ id = '' }, parameters, { exchange }) {
      exchange.findBridge(id).music = parameters.text('mohClass', 'default')
      return noContent
    },
  },
  {
    method: 'DELETE',
    path: 'bridges/:id/moh',
    handle({ id = '' }, _, { exchange }) {
      exchange.findBridge(id).music = undefined
      return noContent
    },
  },
  {
    method: 'POST',
    path: 'bridges/:id/play',
    handle: ({ id = '' }, parameters, services) =>
      play(id, parameters.text('playbackId'), parameters, services),
  },
  {
    method: 'POST',
    path: 'bridges/:id/play/:playback',
    handle: ({ id = '', playback = '' }, parameters, services) => play(id, playback, parameters, services),
  },
  {
    method: 'POST',
    path: 'bridges/:id/record',
    handle({ id = '' }, parameters, { exchange }) {
      const order = {
        name: parameters.text('name'),
        format: parameters.text('format'),
        ifExists: parameters.text('ifExists', 'fail'),
        longest: parameters.number('maxDurationSeconds', 0),
      }
      return made(recordingJson(exchange.record(exchange.findBridge(id), order)))
    },
  },
]
