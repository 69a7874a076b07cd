/**
 * Facts as they happen, over server-sent events. Each has its id, so a reader who comes back names the last
 * one seen and misses nothing. A reader too slow to follow is dropped and comes back by itself.
 */
import type { ServerResponse } from 'node:http'
import type { FastifyRequest } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import type { Stamped } from '../call-bus/events.ts'
import type { Clock } from '../clock.ts'
import type { Journal } from '../database/journal.ts'
import { CallbusError } from '../errors.ts'
import { maskPhones } from '../masking.ts'
import type { Users } from '../users/users.ts'
import { whoAsks, whoIs } from './auth.ts'

const beatEvery = 2_000
const replayAtOnce = 500
/** Bytes and facts that may wait for one reader. */
const bytesAtMost = 1_000_000
const heldAtMost = 10_000
const readersAtMost = 300

export interface EventStreamOptions {
  bus: { onAny(listener: (fact: Stamped) => void): () => void }
  journal: Pick<Journal, 'factsSince'>
  users: Users
  clock: Clock
}

interface Reader {
  mayReadPhones: boolean
  /** Facts that came while older ones are being sent. */
  held: Stamped[] | undefined
  raw: ServerResponse
}

export const eventStream = fastifyPlugin<EventStreamOptions>(async (http, { bus, journal, users, clock }) => {
  const readers = new Set<Reader>()

  const stopListening = bus.onAny((fact) => {
    if (!readers.size) return
    const open = toText(fact)
    let masked: string | undefined
    for (const reader of readers) {
      if (reader.held) hold(reader, fact)
      else if (reader.mayReadPhones) write(reader, open)
      else {
        masked ??= maskPhones(open)
        write(reader, masked)
      }
    }
  })
  // Open answers would keep the server from closing.
  http.addHook('preClose', async () => {
    stopListening()
    for (const { raw } of readers) raw.end()
  })

  http.get(
    '/api/v1/events',
    {
      config: { right: 'facts.read' },
      schema: {
        summary: 'Facts as they happen, as server-sent events',
        description:
          'Each event is a fact: `id`, `event` (its name) and `data` (`{ id, at, name, data }`). ' +
          'Send `Last-Event-ID` to have those after it first. A `beat` with the time comes every 15 s.',
        produces: ['text/event-stream'],
      },
    },
    async (request, reply) => {
      if (readers.size >= readersAtMost) throw new CallbusError('TOO_MANY_REQUESTS', { seconds: 60 })
      const seen = Number(request.headers['last-event-id'] ?? Number.NaN)
      const mayReadPhones = whoIs(request).rights.has('phones.read')

      reply.hijack()
      const { raw } = reply
      for (const [name, value] of Object.entries(reply.getHeaders()))
        if (value !== undefined) raw.setHeader(name, value)
      raw.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        // Proxies must hand on each event at once.
        'x-accel-buffering': 'no',
      })
      const reader: Reader = { mayReadPhones, raw, held: [] }
      readers.add(reader)
      const stopBeating = beat(reader, request)
      raw.on('close', () => {
        readers.delete(reader)
        stopBeating()
      })
      raw.on('error', () => raw.destroy())
      try {
        await catchUp(reader, Number.isSafeInteger(seen) && seen >= 0 ? seen : undefined)
      } catch (thrown) {
        request.log.warn({ err: thrown }, 'An event stream could not be replayed')
        raw.destroy()
      }
    },
  )

  async function catchUp(reader: Reader, seen: number | undefined): Promise<void> {
    let last = seen
    while (last !== undefined && !reader.raw.destroyed) {
      const facts = await journal.factsSince(last, replayAtOnce)
      for (const fact of facts) send(reader, fact)
      last = facts.at(-1)?.id ?? last
      if (facts.length < replayAtOnce) break
      if (reader.raw.writableNeedDrain) await drained(reader.raw)
    }
    const held = reader.held ?? []
    reader.held = undefined
    for (const fact of held) if (last === undefined || fact.id > last) send(reader, fact)
  }

  /** Says that we are here, and looks whether the reader still may. */
  function beat(reader: Reader, request: FastifyRequest): () => void {
    write(reader, `event: beat\ndata: {"at":${clock.now()}}\n\n`)
    let stop = clock.after(beatEvery, next)
    function next() {
      stop = clock.after(beatEvery, next)
      write(reader, `event: beat\ndata: {"at":${clock.now()}}\n\n`)
      whoAsks(request, users).then(
        (who) => {
          if (!who?.rights.has('facts.read')) reader.raw.end()
          else reader.mayReadPhones = who.rights.has('phones.read')
        },
        () => {
          // The database is away for a moment: the reader stays who it was.
        },
      )
    }
    return () => stop()
  }
})

function hold(reader: Reader, fact: Stamped): void {
  reader.held?.push(fact)
  if ((reader.held?.length ?? 0) > heldAtMost) reader.raw.destroy()
}

function send(reader: Reader, fact: Stamped): void {
  write(reader, reader.mayReadPhones ? toText(fact) : maskPhones(toText(fact)))
}

function write({ raw }: Reader, text: string): void {
  if (raw.destroyed || raw.writableEnded) return
  raw.write(text)
  if (raw.writableLength > bytesAtMost) raw.destroy()
}

function drained(raw: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      raw.off('drain', go).off('close', go)
      resolve()
    }
    raw.on('drain', go).on('close', go)
  })
}

function toText(fact: Stamped): string {
  return `id: ${fact.id}\nevent: ${fact.name}\ndata: ${JSON.stringify(fact)}\n\n`
}
