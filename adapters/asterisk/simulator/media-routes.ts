import type { Exchange } from './exchange.ts'
import { type LiveRecording, recordingJson } from './recordings.ts'
import { Refusal } from './refusal.ts'
import { noContent, ok, type Route } from './requests.ts'

function findPlayback(exchange: Exchange, id: string) {
  const playback = exchange.playbacks.get(id)
  if (!playback) throw new Refusal(404, 'Playback not found')
  return playback
}

function end(recording: LiveRecording, state: 'done' | 'canceled') {
  if (state === 'canceled') recording.state = state
  recording.stop.abort()
  return noContent
}

/** Playbacks and recordings. */
export const mediaRoutes: Route[] = [
  {
    method: 'GET',
    path: 'playbacks/:id',
    handle: ({ id = '' }, _, { exchange }) => ok(findPlayback(exchange, id).toJson()),
  },
  {
    method: 'DELETE',
    path: 'playbacks/:id',
    handle({ id = '' }, _, { exchange }) {
      findPlayback(exchange, id).stop()
      return noContent
    },
  },
  {
    method: 'POST',
    path: 'playbacks/:id/control',
    handle({ id = '' }, parameters, { exchange }) {
      const playback = findPlayback(exchange, id)
      const operation = parameters.text('operation')
      if (operation === 'pause') playback.pause()
      else if (operation === 'unpause') playback.unpause()
      else if (!['restart', 'forward', 'reverse'].includes(operation))
        throw new Refusal(400, 'Invalid operation')
      return noContent
    },
  },
  {
    method: 'GET',
    path: 'recordings/stored',
    handle: (_, __, { exchange }) => ok(exchange.recordings.stored()),
  },
  {
    method: 'GET',
    path: 'recordings/stored/:name',
    handle: ({ name = '' }, _, { exchange }) => ok({ name, format: exchange.recordings.find(name).format }),
  },
  {
    method: 'GET',
    path: 'recordings/stored/:name/file',
    handle: ({ name = '' }, _, { exchange }) => ok(exchange.recordings.file(name)),
  },
  {
    method: 'DELETE',
    path: 'recordings/stored/:name',
    handle({ name = '' }, _, { exchange }) {
      exchange.recordings.remove(name)
      return noContent
    },
  },
  {
    method: 'GET',
    path: 'recordings/live/:name',
    handle: ({ name = '' }, _, { exchange }) => ok(recordingJson(exchange.recordings.findLive(name))),
  },
  {
    method: 'DELETE',
    path: 'recordings/live/:name',
    handle: ({ name = '' }, _, { exchange }) => end(exchange.recordings.findLive(name), 'canceled'),
  },
  {
    method: 'POST',
    path: 'recordings/live/:name/stop',
    handle: ({ name = '' }, _, { exchange }) => end(exchange.recordings.findLive(name), 'done'),
  },
  ...['pause', 'mute'].flatMap((verb): Route[] =>
    ['POST', 'DELETE'].map((method) => ({
      method,
      path: `recordings/live/:name/${verb}`,
      handle({ name = '' }, _, { exchange }) {
        exchange.recordings.findLive(name)
        return noContent
      },
    })),
  ),
]
