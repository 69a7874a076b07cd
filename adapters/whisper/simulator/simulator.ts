/** A Whisper-compatible service at wire level: checks the form as real ones do, and is ill on demand. */
import { createHash } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import multipart from '@fastify/multipart'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { secondsOf } from '../sound.ts'
import { type Hearing, tell } from './answers.ts'
import { type Illness, refusal } from './misbehaviours.ts'

export interface Heard {
  /** SHA-256 of the file, the key of `texts`. */
  hash: string
  file: Buffer
  fields: Record<string, string>
}

export interface SpeechSimulatorOptions {
  port?: number
  /** How it words its errors, and what it insists on. */
  manner?: 'whisper.cpp' | 'openai'
  key?: string
  /** What it hears in a file that `texts` has not. */
  text?: string | ((heard: Heard & { seconds: number }) => string)
  texts?: Record<string, string>
  /** Is told of every file it takes. */
  onHeard?(heard: Heard): void
}

export type SpeechSimulator = Awaited<ReturnType<typeof startSpeechSimulator>>

const path = '/v1/audio/transcriptions'
const largestFile = 25 * 1024 * 1024
const shortest = 0.1

export async function startSpeechSimulator(options: SpeechSimulatorOptions = {}) {
  const { key, manner = 'whisper.cpp', texts = {} } = options
  const heard: Heard[] = []
  let illness: Pick<Illness, 'answer'> | undefined
  let times = 0
  let working = 0
  let busiest = 0

  const isOpenAi = manner === 'openai'
  const refuse = (reply: FastifyReply, status: number, code: string, text = 'Invalid request') =>
    isOpenAi ? reply.code(status).send(refusal(code)) : reply.code(status).type('text/plain').send(text)
  const nothingHere = (request: FastifyRequest, reply: FastifyReply) =>
    isOpenAi
      ? reply.code(404).send(refusal('unknown_url'))
      : reply.code(404).type('text/plain').send(`File Not Found (${request.url})`)

  function meets(): typeof illness {
    if (!illness || times === 0) return undefined
    times -= 1
    return illness
  }

  async function transcribe(request: FastifyRequest, reply: FastifyReply) {
    const { file, fields } = await read(request)
    const seconds = file && playing(file)
    if (!file || seconds === undefined) return refuse(reply, 400, 'invalid_file')
    const taken = { hash: createHash('sha256').update(file).digest('hex'), file, fields }
    heard.push(taken)
    options.onHeard?.(taken)

    const { model, language = 'en', response_format: format = 'json', temperature = '0' } = fields
    if (!Number.isFinite(Number.parseFloat(temperature))) {
      return isOpenAi ? refuse(reply, 400, 'invalid_type') : refuse(reply, 500, '', 'stof')
    }
    if (isOpenAi && !model) return refuse(reply, 400, 'missing_required_parameter')
    if (isOpenAi && seconds < shortest) return refuse(reply, 400, 'audio_too_short')
    if (isOpenAi && !/^[a-z]{2}$/.test(language)) return refuse(reply, 400, 'invalid_language')

    const { text = '' } = options
    const said = texts[taken.hash] ?? (typeof text === 'string' ? text : text({ ...taken, seconds }))
    const hearing: Hearing = { text: said, seconds, language }
    const ill = await meets()?.answer({ path, format, hearing }, reply)
    if (ill !== undefined) return ill
    const told = tell(format, hearing) ?? tell('json', hearing)
    if (!told || (isOpenAi && !tell(format, hearing))) return refuse(reply, 400, 'unsupported_value')
    return reply.type(told.type).send(told.body)
  }

  async function counted<Value>(work: () => Promise<Value>): Promise<Value> {
    working += 1
    busiest = Math.max(busiest, working)
    try {
      return await work()
    } finally {
      working -= 1
    }
  }

  function open(): FastifyInstance {
    const app = Fastify({ forceCloseConnections: true })
    void app.register(multipart, { limits: { fileSize: largestFile } })
    app.addHook('onRequest', async ({ headers }, reply) => {
      if (key !== undefined && headers.authorization !== `Bearer ${key}`) {
        return reply.code(401).send(refusal('invalid_api_key', `Incorrect key: ${headers.authorization}`))
      }
    })
    app.setNotFoundHandler(nothingHere)
    app.get('/health', async () => ({ status: 'ok' }))
    if (isOpenAi) app.get('/v1/models', async () => ({ object: 'list', data: [{ id: 'whisper-1' }] }))
    app.post(path, (request, reply) => counted(() => transcribe(request, reply)))
    return app
  }

  let app: FastifyInstance | undefined = open()
  await app.listen({ host: '127.0.0.1', port: options.port ?? 0 })
  const { port } = app.server.address() as AddressInfo

  async function goDown() {
    await app?.close()
    app = undefined
  }

  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    /** Every file it has taken with its fields. */
    heard: heard as readonly Heard[],
    /** Files it had in its hands at once, at most. */
    busiest: () => busiest,

    misbehave(how: Pick<Illness, 'answer'>, howOften = Number.POSITIVE_INFINITY) {
      illness = how
      times = howOften
    },
    behave() {
      illness = undefined
    },

    goDown,
    async comeBack() {
      if (app) return
      app = open()
      await app.listen({ host: '127.0.0.1', port })
    },
    stop: goDown,
  }
}

async function read(request: FastifyRequest): Promise<{ file?: Buffer; fields: Record<string, string> }> {
  const fields: Record<string, string> = {}
  if (!request.isMultipart()) return { fields }
  let file: Buffer | undefined
  for await (const part of request.parts()) {
    if (part.type === 'file') file = await part.toBuffer()
    else fields[part.fieldname] = String(part.value)
  }
  return { fields, ...(file && { file }) }
}

/** Its seconds; `undefined` when it is no sound. */
function playing(file: Buffer): number | undefined {
  try {
    return secondsOf(file)
  } catch {
    return undefined
  }
}
