/** AsyncAPI 3 of the house on MQTT: every fact, every command with its answer, from the tables in the code. */
import { facts } from '#core/call-bus/events.ts'
import { errorCodes } from '#core/errors.ts'
import { type Command, houseCommands } from '#core/mqtt/commands.ts'
import { dispatchCommands } from '../plugins/dispatch-door/commands.ts'
import { Accepted } from '../plugins/dispatch-door/wishes.ts'

const Id = { type: 'string', pattern: '^[A-Za-z0-9_.-]{1,64}$' }
const site = { $ref: '#/components/parameters/site' }

/** What a command answers, where it is more than that it was done. */
const answers: Record<string, object> = {
  'order.tell-stage': Accepted,
  'call-back.request': Accepted,
  'join.request': Accepted,
}

export function asyncApiPage(): string {
  const commands = [
    ...houseCommands({ calls: { hangUp: async () => false } }),
    // Only the shapes are read.
    ...dispatchCommands({} as Parameters<typeof dispatchCommands>[0]),
  ]
  const parts = [
    ...Object.entries(facts).map(([name, { about, shape }]) => factPart(name, about, shape)),
    ...commands.map(commandPart),
    neighbourPart,
    statusPart,
  ]
  const document = {
    asyncapi: '3.0.0',
    info: {
      title: 'Callbus on MQTT',
      version: '1',
      description:
        'Facts go out, commands come in. With the broker inside Callbus a program signs in with any user name and a ' +
        'token as its password; with a broker of your own a command carries `token` where `mqtt.tokensInCommands` is set.',
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: 'application/json',
    servers: {
      inside: {
        host: '127.0.0.1:1883',
        protocol: 'mqtt',
        protocolVersion: '3.1.1',
        security: [{ $ref: '#/components/securitySchemes/token' }],
      },
    },
    channels: Object.assign({}, ...parts.map(({ channels }) => channels)),
    operations: Object.assign({}, ...parts.map(({ operations }) => operations)),
    components: {
      parameters: {
        site: { description: '`site.name` of the settings.', default: 'taxi' },
        id: { description: 'The `id` of the command.' },
        neighbour: { description: 'Such as `exchange`, `dispatch`, `broker`.' },
      },
      securitySchemes: {
        token: { type: 'userPassword', description: 'Any user name, and a token `cb_…` as the password.' },
      },
      messages: Object.assign({}, ...parts.map(({ messages }) => messages)),
    },
  }
  return `${JSON.stringify(document, null, 2)}\n`
}

function factPart(name: string, about: string, data: object) {
  const key = `fact.${name}`
  return {
    channels: { [key]: channelOf(`fact/${name}`, key, about) },
    operations: { [key]: operationOf('send', key, about) },
    messages: {
      [key]: {
        name: key,
        summary: about,
        payload: {
          type: 'object',
          required: ['id', 'at', 'name', 'data'],
          properties: {
            id: { type: 'integer', description: 'Grows by one with each fact.' },
            at: { type: 'integer', description: 'Milliseconds since 1970 UTC.' },
            name: { const: name },
            data,
          },
        },
      },
    },
  }
}

function commandPart({ name, about, right, schema }: Command) {
  const key = `command.${name}`
  const answer = `${key}.answer`
  const { properties, required = [] } = schema as { properties: object; required?: string[] }
  return {
    channels: {
      [key]: channelOf(`command/${name}`, key, about),
      [answer]: channelOf(`command/${name}/answer/{id}`, answer, 'What came of it.', 'id'),
    },
    operations: {
      [key]: {
        ...operationOf('receive', key, about),
        description: `Rights: \`commands.send\` and \`${right}\`.`,
        reply: { channel: channelRef(answer), messages: [messageRef(answer)] },
      },
    },
    messages: {
      [key]: {
        name: key,
        summary: about,
        payload: {
          type: 'object',
          required: ['id', ...required],
          properties: {
            id: {
              ...Id,
              description: 'The same when it is sent again: then it is answered and not done again.',
            },
            token: { type: 'string', description: 'Where the broker is your own.' },
            ...properties,
          },
        },
      },
      [answer]: { name: answer, summary: 'What came of it.', payload: answerOf(answers[name]) },
    },
  }
}

function answerOf(answer: object | undefined) {
  return {
    type: 'object',
    required: ['id'],
    properties: {
      id: Id,
      ...(answer && { answer }),
      error: {
        type: 'object',
        description: 'Instead of an answer, when it was refused or broke.',
        required: ['code', 'message'],
        properties: { code: { enum: errorCodes }, message: { type: 'string' } },
      },
    },
  }
}

const aboutNeighbours = 'How the house stands with a neighbour; kept by the broker.'
const neighbourPart = {
  channels: { neighbour: channelOf('neighbour/{neighbour}', 'neighbour', aboutNeighbours, 'neighbour') },
  operations: { neighbour: operationOf('send', 'neighbour', aboutNeighbours) },
  messages: {
    neighbour: {
      name: 'neighbour',
      summary: aboutNeighbours,
      payload: {
        type: 'object',
        required: ['state', 'at'],
        properties: {
          state: { enum: ['connecting', 'connected', 'lost'] },
          because: { type: 'string' },
          at: { type: 'integer' },
        },
      },
    },
  },
}

const aboutStatus = 'Whether the house is there; kept by the broker, and its last will.'
const statusPart = {
  channels: { status: channelOf('status', 'status', aboutStatus) },
  operations: { status: operationOf('send', 'status', aboutStatus) },
  messages: {
    status: {
      name: 'status',
      summary: aboutStatus,
      contentType: 'text/plain',
      payload: { enum: ['online', 'offline'] },
    },
  },
}

function channelOf(path: string, message: string, description: string, parameter?: string) {
  return {
    address: `callbus/{site}/${path}`,
    description,
    parameters: {
      site,
      ...(parameter && { [parameter]: { $ref: `#/components/parameters/${parameter}` } }),
    },
    messages: { [message]: { $ref: `#/components/messages/${message}` } },
  }
}

/** `send` and `receive` are what the house does. */
function operationOf(action: 'send' | 'receive', channel: string, summary: string) {
  return { action, summary, channel: channelRef(channel), messages: [messageRef(channel)] }
}

function channelRef(channel: string) {
  return { $ref: `#/channels/${channel}` }
}

function messageRef(channel: string) {
  return { $ref: `#/channels/${channel}/messages/${channel}` }
}
