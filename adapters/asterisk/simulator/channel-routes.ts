import type { Channel } from './channel.ts'
import { recordingJson } from './recordings.ts'
import { Refusal } from './refusal.ts'
import { made, noContent, ok, type Parameters, type Route, type Services } from './requests.ts'

const hangUpCauses: Record<string, number> = {
  normal: 16,
  busy: 17,
  timeout: 18,
  no_answer: 19,
  rejected: 21,
  unallocated: 1,
  answered_elsewhere: 26,
  number_incomplete: 28,
  normal_unspecified: 31,
  congestion: 34,
  failure: 38,
  codec_mismatch: 58,
  interworking: 127,
}

/** A command that answers once the channel's thread has done it. */
async function synchronously(channel: Channel, run: () => void) {
  if ((await channel.perform(run)) === 'gone') throw new Refusal(404, 'Channel not found')
  return noContent
}

/** A command that is queued and answered at once. */
function queued(channel: Channel, run: () => void) {
  channel.queue(run)
  return noContent
}

function upOurs({ exchange }: Services, id: string | undefined): Channel {
  const channel = exchange.findOurs(id ?? '')
  if (channel.state === 'Down') throw new Refusal(412, 'Channel in invalid state')
  return channel
}

function variablesOf(parameters: Parameters): Record<string, string> {
  return Object.fromEntries(
    Object.entries(parameters.object('variables')).map(([name, value]) => [name, String(value)]),
  )
}

function originate(id: string, parameters: Parameters, { dialing }: Services) {
  const endpoint = parameters.text('endpoint')
  if (!endpoint) throw new Refusal(400, 'Endpoint not specified')
  const channel = dialing.originate({
    id: id || parameters.text('channelId'),
    endpoint,
    app: parameters.text('app'),
    appArgs: parameters.text('appArgs').split(',').filter(Boolean),
    callerId: parameters.text('callerId'),
    timeout: parameters.number('timeout', 30),
    variables: variablesOf(parameters),
  })
  return ok(channel.toJson())
}

function snoop(target: string, id: string, parameters: Parameters, { exchange }: Services) {
  const channel = exchange.findChannel(target)
  const [spy, whisper] = [parameters.text('spy', 'none'), parameters.text('whisper', 'none')]
  if (spy === 'none' && whisper === 'none')
    throw new Refusal(400, 'Direction must be specified for at least spy or whisper')
  const application = exchange.applications.get(parameters.text('app'))
  if (!application) throw new Refusal(400, 'Application not registered')
  const snoop = exchange.addChannel({
    ...(id ? { id } : {}),
    tech: `Snoop/${target}`,
    state: 'Up',
    caller: { name: '', number: '' },
    dialplan: { context: '', exten: '' },
  })
  snoop.snoopOf = { target: channel, spy, whisper }
  snoop.watchers.add(application.name)
  channel.snoops.add(snoop)
  setImmediate(() => {
    if (!snoop.isGone)
      exchange.enter(snoop, application.name, parameters.text('appArgs').split(',').filter(Boolean))
  })
  return ok(snoop.toJson())
}

function play(target: string, id: string, parameters: Parameters, services: Services) {
  const channel = upOurs(services, target)
  const media = parameters.list('media')
  if (media.length === 0) throw new Refusal(400, 'Media URI is required')
  return made(services.exchange.play(channel, id, media, parameters.text('lang', 'en')).toJson())
}

export const channelRoutes: Route[] = [
  {
    method: 'GET',
    path: 'channels',
    handle: (_, __, { exchange }) => ok([...exchange.channels.values()].map((one) => one.toJson())),
  },
  {
    method: 'POST',
    path: 'channels',
    handle: (_, parameters, services) => originate('', parameters, services),
  },
  {
    method: 'POST',
    path: 'channels/create',
    handle(_, parameters, { dialing, exchange }) {
      const app = parameters.text('app')
      if (!exchange.applications.has(app)) throw new Refusal(400, 'Application not registered')
      const channel = dialing.create({
        id: parameters.text('channelId'),
        endpoint: parameters.text('endpoint'),
        app,
        appArgs: parameters.text('appArgs').split(',').filter(Boolean),
        callerId: '',
        variables: variablesOf(parameters),
      })
      return ok(channel.toJson())
    },
  },
  {
    method: 'GET',
    path: 'channels/:id',
    handle: ({ id = '' }, _, { exchange }) => ok(exchange.findChannel(id).toJson()),
  },
  {
    method: 'POST',
    path: 'channels/:id',
    handle: ({ id = '' }, parameters, services) => originate(id, parameters, services),
  },
  {
    method: 'DELETE',
    path: 'channels/:id',
    handle({ id = '' }, parameters, { exchange }) {
      const channel = exchange.findChannel(id)
      const [reason, code] = [parameters.text('reason'), parameters.text('reason_code')]
      if (reason && code) throw new Refusal(400, 'Only one of reason and reason_code is allowed')
      const cause = code ? Number(code) : hangUpCauses[reason || 'normal']
      if (cause === undefined || Number.isNaN(cause)) throw new Refusal(400, 'Invalid Hangup Reason')
      setImmediate(() => void exchange.drop(channel, cause))
      return noContent
    },
  },
  {
    method: 'POST',
    path: 'channels/:id/dial',
    handle({ id = '' }, parameters, { exchange, dialing }) {
      dialing.dial(exchange.findOurs(id), parameters.number('timeout', -1))
      return noContent
    },
  },
  {
    method: 'POST',
    path: 'channels/:id/continue',
    handle({ id = '' }, parameters, { exchange }) {
      const channel = exchange.findOurs(id)
      return queued(channel, () => {
        if (parameters.text('context')) channel.dialplan.context = parameters.text('context')
        if (parameters.text('extension')) channel.dialplan.exten = parameters.text('extension')
        exchange.exit(channel)
        exchange.onFallback(channel, 'continue')
      })
    },
  },
  {
    method: 'POST',
    path: 'channels/:id/move',
    handle({ id = '' }, parameters, { exchange }) {
      const channel = exchange.findOurs(id)
      return queued(channel, () => {
        exchange.exit(channel)
        exchange.enter(channel, parameters.text('app'), parameters.text('appArgs').split(',').filter(Boolean))
      })
    },
  },
  {
    method: 'POST',
    path: 'channels/:id/answer',
    handle: ({ id = '' }, _, { exchange }) => {
      const channel = exchange.findOurs(id)
      return synchronously(channel, () => exchange.setState(channel, 'Up'))
    },
  },
  ...['ring', 'progress', 'dtmf', 'mute', 'hold', 'silence'].flatMap((command): Route[] => [
    {
      method: 'POST',
      path: `channels/:id/${command}`,
      handle: ({ id = '' }, _, { exchange }) => queued(exchange.findOurs(id), () => undefined),
    },
    ...(command === 'dtmf' || command === 'progress'
      ? []
      : [
          {
            method: 'DELETE',
            path: `channels/:id/${command}`,
            handle: ({ id = '' }, _, { exchange }) => queued(exchange.findOurs(id), () => undefined),
          } satisfies Route,
        ]),
  ]),
  {
    method: 'POST',
    path: 'channels/:id/moh',
    handle({ id = '' }, parameters, services) {
      const channel = upOurs(services, id)
      return queued(channel, () => {
        channel.music = parameters.text('mohClass', 'default')
      })
    },
  },
  {
    method: 'DELETE',
    path: 'channels/:id/moh',
    handle({ id = '' }, _, services) {
      const channel = upOurs(services, id)
      return queued(channel, () => {
        channel.music = undefined
      })
    },
  },
  {
    method: 'POST',
    path: 'channels/:id/play',
    handle: ({ id = '' }, parameters, services) =>
      play(id, parameters.text('playbackId'), parameters, services),
  },
  {
    method: 'POST',
    path: 'channels/:id/play/:playback',
    handle: ({ id = '', playback = '' }, parameters, services) => play(id, playback, parameters, services),
  },
  {
    method: 'POST',
    path: 'channels/:id/record',
    handle({ id = '' }, parameters, services) {
      const order = {
        name: parameters.text('name'),
        format: parameters.text('format'),
        ifExists: parameters.text('ifExists', 'fail'),
        longest: parameters.number('maxDurationSeconds', 0),
      }
      return made(recordingJson(services.exchange.record(upOurs(services, id), order)))
    },
  },
  {
    method: 'GET',
    path: 'channels/:id/variable',
    handle({ id = '' }, parameters, { exchange }) {
      const channel = exchange.findChannel(id)
      const name = parameters.text('variable')
      const value = channel.variables.get(name) ?? functionOf(channel, name)
      if (value === undefined) throw new Refusal(404, 'Provided variable was not found')
      return ok({ value })
    },
  },
  {
    method: 'POST',
    path: 'channels/:id/variable',
    handle({ id = '' }, parameters, { exchange }) {
      const channel = exchange.findOurs(id)
      return synchronously(channel, () =>
        exchange.setVariable(channel, parameters.text('variable'), parameters.text('value')),
      )
    },
  },
  {
    method: 'POST',
    path: 'channels/:id/variables',
    handle({ id = '' }, parameters, { exchange }) {
      const channel = exchange.findOurs(id)
      return synchronously(channel, () => {
        for (const [name, value] of Object.entries(variablesOf(parameters)))
          exchange.setVariable(channel, name, value)
      })
    },
  },
  {
    method: 'POST',
    path: 'channels/:id/snoop',
    handle: ({ id = '' }, parameters, services) =>
      snoop(id, parameters.text('snoopId'), parameters, services),
  },
  {
    method: 'POST',
    path: 'channels/:id/snoop/:snoop',
    handle: ({ id = '', snoop: snoopId = '' }, parameters, services) =>
      snoop(id, snoopId, parameters, services),
  },
]

function functionOf(channel: Channel, name: string): string | undefined {
  if (name === 'CALLERID(num)') return channel.caller.number
  if (name === 'CALLERID(name)') return channel.caller.name
  if (name === 'CHANNEL(pjsip,call-id)') return `${channel.id}@exchange`
  return undefined
}
