/**
 * What programs may ask for over MQTT, in one table. A command comes on `callbus/<site>/command/<name>` as
 * `{ id, …, token? }`; its answer goes to `…/command/<name>/answer/<id>` as `{ id, answer }` or `{ id, error }`.
 */
import { Compile, type Validator } from 'typebox/compile'
import type { Clock } from '../clock.ts'
import { CallbusError, reasonOf } from '../errors.ts'
import { inTime } from '../in-time.ts'
import { CallId, type Static, type TObject, Type } from '../schema.ts'
import type { Right } from '../users/rights.ts'

export interface Command {
  name: string
  about: string
  right: Right
  schema: TObject
  validator: Validator
  handler(data: never, asked: Asked): Promise<object | undefined>
}

export interface Asked {
  /** The asker's, the same when the command is sent again. */
  id: string
}

interface CommandParts<Schema extends TObject> extends Omit<Command, 'schema' | 'validator' | 'handler'> {
  schema: Schema
  /** What it returns is the answer; what it throws is answered with its code. */
  handler(data: Static<Schema>, asked: Asked): Promise<object | undefined>
}

export function defineCommand<Schema extends TObject>(command: CommandParts<Schema>): Command {
  return { ...command, validator: Compile(command.schema) }
}

/** The core's own commands. */
export function houseCommands({ calls }: { calls: { hangUp(id: CallId): Promise<boolean> } }): Command[] {
  return [
    defineCommand({
      name: 'call.hang-up',
      about: 'Ends a live call.',
      right: 'commands.send',
      schema: Type.Object({ call: CallId }),
      async handler({ call }) {
        if (!(await calls.hangUp(call))) throw new CallbusError('NOT_FOUND', { what: `live call ${call}` })
        return undefined
      },
    }),
  ]
}

/** Lets programs ask a plugin for something over MQTT, for as long as it runs. */
export interface Commands {
  offer(command: Command): void
}

export interface CommandBook {
  find(name: string): Command | undefined
  ownedBy(owner: string, cleanup: AsyncDisposableStack): Commands
}

export function openCommandBook(commands: readonly Command[]): CommandBook {
  const byName = new Map(commands.map((command) => [command.name, command]))
  return {
    find: (name) => byName.get(name),

    ownedBy: (owner, cleanup) => ({
      offer(command) {
        const { name } = command
        if (byName.has(name)) throw new Error(`${owner} offers the command ${name}, which there is already`)
        byName.set(name, command)
        cleanup.defer(() => void byName.delete(name))
      },
    }),
  }
}

export interface Answer {
  id: string
  answer?: object
  error?: { code: string; message: string }
}

export interface CommandDesk {
  /** Never rejects: whatever the bytes are, there is an answer. */
  answer(name: string, payload: Uint8Array): Promise<Answer>
}

interface CommandDeskParts {
  commands: Pick<CommandBook, 'find'>
  /** Whether who sent this token has the right. `undefined`: the broker has looked at it already. */
  mayWith: ((token: string, right: Right) => Promise<boolean>) | undefined
  clock: Clock
  /** Milliseconds. */
  patience?: number
}

const bytesAtMost = 64_000
const atOnce = 100
/** A broker may deliver twice; the second is answered like the first. */
const remembered = 1_000
const idShape = /^[A-Za-z0-9_.-]{1,64}$/

export function openCommandDesk({
  commands,
  mayWith,
  clock,
  patience = 10_000,
}: CommandDeskParts): CommandDesk {
  const answers = new Map<string, Promise<Answer>>()
  let running = 0

  async function run(name: string, message: Record<string, unknown>): Promise<object | undefined> {
    const command = commands.find(name)
    if (!command)
      throw new CallbusError('COMMAND_INVALID', { mistakes: `there is no command ${name.slice(0, 100)}` })
    const { validator } = command
    await checkRight(command, message.token)

    const { id, token: _token, ...data } = message
    if (!validator.Check(data)) {
      const mistakes = validator
        .Errors(data)
        .map(({ instancePath, message: mistake }) => `${instancePath} ${mistake}`.trim())
      throw new CallbusError('COMMAND_INVALID', { mistakes: mistakes.join('; ') })
    }
    if (running >= atOnce) throw new CallbusError('TOO_MANY_REQUESTS', { seconds: 1 })
    return await bounded(command.handler(data as never, { id: String(id) }))
  }

  async function checkRight(command: Command, token: unknown): Promise<void> {
    if (!mayWith) return
    if (typeof token !== 'string') throw new CallbusError('NOT_SIGNED_IN')
    if (!(await mayWith(token, command.right)))
      throw new CallbusError('RIGHT_MISSING', { right: command.right })
  }

  async function bounded(handling: Promise<object | undefined>): Promise<object | undefined> {
    running += 1
    const late = () => new Error(`it took longer than ${patience} ms`)
    try {
      return await inTime(handling, { clock, milliseconds: patience, late })
    } finally {
      running -= 1
    }
  }

  async function answerOnce(name: string, id: string, message: Record<string, unknown>): Promise<Answer> {
    try {
      const answer = await run(name, message)
      return { id, ...(answer && { answer }) }
    } catch (thrown) {
      return { id, error: toError(thrown) }
    }
  }

  return {
    async answer(name, payload) {
      const message = toMessage(payload)
      if (typeof message === 'string') return { id: 'none', error: toError(invalid(message)) }

      const { id } = message
      if (typeof id !== 'string' || !idShape.test(id)) {
        return { id: 'none', error: toError(invalid('`id` must be 1 to 64 letters, digits, dots or dashes')) }
      }
      const key = `${name} ${id}`
      const again = answers.get(key)
      if (again) return await again

      const answering = answerOnce(name, id, message)
      answers.set(key, answering)
      const [oldest] = answers.keys()
      if (answers.size > remembered && oldest !== undefined) answers.delete(oldest)
      return await answering
    },
  }
}

/** Where the answer to a command goes. */
export function toAnswerTopic(
  root: string,
  command: { name: string; isNamed: boolean },
  { id }: Answer,
): string {
  return `${root}/command/${command.isNamed ? command.name : 'unknown'}/answer/${id}`
}

/** The answer to a command that nobody looks at. */
export function toRefusal(payload: Uint8Array, because: CallbusError): Answer {
  const message = toMessage(payload)
  const id = typeof message === 'string' ? undefined : message.id
  return { id: typeof id === 'string' && idShape.test(id) ? id : 'none', error: toError(because) }
}

/** A sentence when it is none. */
function toMessage(payload: Uint8Array): Record<string, unknown> | string {
  if (payload.length > bytesAtMost) return `it is larger than ${bytesAtMost} bytes`
  try {
    const message: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload))
    const isObject = typeof message === 'object' && message !== null && !Array.isArray(message)
    return isObject ? (message as Record<string, unknown>) : 'it is no JSON object'
  } catch {
    return 'it is no JSON'
  }
}

function invalid(mistakes: string): CallbusError {
  return new CallbusError('COMMAND_INVALID', { mistakes })
}

function toError(thrown: unknown): { code: string; message: string } {
  const error =
    thrown instanceof CallbusError
      ? thrown
      : new CallbusError('COMMAND_FAILED', { reason: reasonOf(thrown).slice(0, 200) })
  return { code: error.code, message: error.message }
}
