import multipart from '@fastify/multipart'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import type { Clock } from '#core/clock.ts'
import { CallbusError, reasonOf, sentence } from '#core/errors.ts'
import { whoIs } from '#core/http/auth.ts'
import type { Phones } from '#core/phones.ts'
import { Language, languages, Moment, oneOf, Phone, Type } from '#core/schema.ts'
import type { Services } from '#core/services.ts'
import { type Mistake, readEntries, reasonAtMost, toCsv, toXlsx } from './import-export.ts'
import type { NewEntry, NumberLists } from './number-lists.ts'
import { NumberList } from './settings.ts'

const fileAtMost = 5 * 1024 * 1024
const xlsxType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

const ListName = Type.String({ maxLength: 40 })
/** As people write it; what is no number of this country gets a sentence. */
const RawPhone = Type.String({ minLength: 1, maxLength: 40, examples: ['067 123 45 67'] })
const Reason = Type.String({ maxLength: reasonAtMost })
const About = { reason: Type.Optional(Reason), expiresAt: Type.Optional(Moment) }

const Entry = Type.Object({
  list: ListName,
  phone: Phone,
  reason: Reason,
  expiresAt: Type.Optional(Moment),
  addedBy: Type.String(),
  addedAt: Moment,
})
const Change = Type.Object({
  list: ListName,
  phone: Phone,
  change: oneOf(['added', 'changed', 'removed']),
  reason: Reason,
  expiresAt: Type.Optional(Moment),
  by: Type.String(),
  at: Moment,
})
const Mistakes = Type.Object({
  code: Type.String(),
  message: Type.String(),
  requestId: Type.String(),
  mistakes: Type.Array(Type.Object({ row: Type.Integer(), value: Type.String(), sentence: Type.String() })),
})
const OfList = Type.Object({ list: ListName })
const OfNumber = Type.Object({ list: ListName, phone: RawPhone })
const File = Type.Unsafe<Buffer>({ type: 'string', format: 'binary' })

/** The lists by HTTP. Reading and editing are two rights: an operator may look why somebody is refused. */
export function numberListRoutes(options: {
  clock: Clock
  numberLists: NumberLists
  phones: Phones
  site: Pick<Services['site'], 'language' | 'timeZone'>
}): FastifyPluginAsync {
  const { clock, numberLists, phones, site } = options

  function known(list: string): string {
    if (!numberLists.lists.some(({ name }) => name === list))
      throw new CallbusError('NOT_FOUND', { what: `list ${list}` })
    return list
  }

  function toPhone(raw: string): Phone {
    const phone = phones.toE164(raw)
    if (phone === undefined) throw invalid('phone is not a phone number')
    return phone
  }

  function toEntry(raw: { phone: string; reason?: string; expiresAt?: number }): NewEntry {
    const { expiresAt, reason = '' } = raw
    if (expiresAt !== undefined && expiresAt <= clock.now()) throw invalid('expiresAt has passed')
    return {
      phone: toPhone(raw.phone),
      reason: reason.trim(),
      ...(expiresAt === undefined ? {} : { expiresAt }),
    }
  }

  const routes: FastifyPluginAsyncTypebox = async (http) => {
    if (!http.hasContentTypeParser('multipart/form-data')) await http.register(multipart)

    http.get('/lists', {
      config: { right: 'lists.read' },
      schema: {
        summary: 'The number lists of the site and how many numbers each has.',
        response: { 200: Type.Array(Type.Object({ ...NumberList.properties, numbers: Type.Integer() })) },
      },
      handler: async () =>
        numberLists.lists.map((list) => ({ ...list, numbers: numberLists.count(list.name) })),
    })

    http.get('/entries', {
      config: { right: 'lists.read' },
      schema: {
        summary: 'Numbers on the lists, newest first; `search` is part of a number or of a reason.',
        querystring: Type.Object({
          list: Type.Optional(ListName),
          search: Type.Optional(Type.String({ maxLength: 100 })),
          limit: Type.Integer({ minimum: 1, maximum: 1000, default: 100 }),
          offset: Type.Integer({ minimum: 0, default: 0 }),
        }),
        response: { 200: Type.Object({ total: Type.Integer(), entries: Type.Array(Entry) }) },
      },
      handler: async ({ query }) => {
        if (query.list !== undefined) known(query.list)
        return numberLists.entries(query)
      },
    })

    http.post('/entries', {
      config: { right: 'lists.edit' },
      schema: {
        summary: 'Puts a number on a list; it counts from the next call.',
        body: Type.Object({ list: ListName, phone: RawPhone, ...About }, { additionalProperties: false }),
        response: { 201: Entry },
      },
      handler: async (request, reply) => {
        const { list, ...raw } = request.body
        reply.code(201)
        return await numberLists.add(known(list), toEntry(raw), editor(request))
      },
    })

    http.put('/entries/:list/:phone', {
      config: { right: 'lists.edit' },
      schema: {
        summary: 'Changes the reason and the expiry of a number on a list.',
        params: OfNumber,
        body: Type.Object(About, { additionalProperties: false }),
        response: { 200: Entry },
      },
      handler: async (request) => {
        const { list, phone } = request.params
        return await numberLists.change(known(list), toEntry({ phone, ...request.body }), editor(request))
      },
    })

    http.delete('/entries/:list/:phone', {
      config: { right: 'lists.edit' },
      schema: {
        summary: 'Takes a number off a list; it counts from the next call.',
        params: OfNumber,
        response: { 204: Type.Null() },
      },
      handler: async (request, reply) => {
        const { list, phone } = request.params
        await numberLists.remove(known(list), toPhone(phone), editor(request))
        return reply.code(204).send(null)
      },
    })

    http.get('/history', {
      config: { right: 'lists.read' },
      schema: {
        summary: 'Who put which number on a list or took it off, newest first.',
        querystring: Type.Object({
          list: Type.Optional(ListName),
          phone: Type.Optional(RawPhone),
          limit: Type.Integer({ minimum: 1, maximum: 1000, default: 100 }),
        }),
        response: { 200: Type.Array(Change) },
      },
      handler: async ({ query: { phone, ...query } }) =>
        await numberLists.history({ ...query, ...(phone === undefined ? {} : { phone: toPhone(phone) }) }),
    })

    http.post('/import/:list', {
      config: { right: 'lists.edit' },
      schema: {
        summary:
          'Adds the numbers of a CSV or xlsx file: all of them, or none and what is wrong in which row.',
        consumes: ['multipart/form-data'],
        params: OfList,
        response: {
          200: Type.Object({ added: Type.Integer(), changed: Type.Integer(), same: Type.Integer() }),
          422: Mistakes,
        },
      },
      handler: async (request, reply) => {
        const list = known(request.params.list)
        const reading = await readEntries(await sentFile(request), { phones, ...site, now: clock.now() })
        if ('entries' in reading) return await numberLists.take(list, reading.entries, editor(request))

        const message = sentence('IMPORT_INVALID', { mistakes: toSummary(reading.mistakes) })
        return reply
          .code(422)
          .send({ code: 'IMPORT_INVALID', message, requestId: request.id, mistakes: reading.mistakes })
      },
    })

    http.get('/export/:list', {
      config: { right: 'lists.read' },
      schema: {
        summary: 'A list as a CSV or xlsx file, which the import reads back.',
        produces: ['text/csv', xlsxType],
        params: OfList,
        querystring: Type.Object({
          format: oneOf(['csv', 'xlsx'], { default: 'csv' }),
          language: Type.Optional(Language),
        }),
        response: { 200: File },
      },
      handler: async ({ params, query }, reply) => {
        const entries = numberLists.entriesOf(known(params.list))
        const language = query.language ?? languages.find((each) => each === site.language) ?? 'en'
        reply.header('content-disposition', `attachment; filename="${params.list}.${query.format}"`)
        if (query.format === 'xlsx')
          return reply.type(xlsxType).send(await toXlsx(entries, language, site.timeZone))
        return reply.type('text/csv; charset=utf-8').send(toCsv(entries, language, site.timeZone))
      },
    })
  }
  return routes as FastifyPluginAsync
}

function editor(request: FastifyRequest): string {
  return `user:${whoIs(request).user.name}`.slice(0, 100)
}

/** The first few; the answer has all of them. */
function toSummary(mistakes: readonly Mistake[]): string {
  const told = mistakes.slice(0, 3).map(({ row, sentence }) => `row ${row}: ${sentence.replace(/\.$/, '')}`)
  if (mistakes.length > told.length) told.push(`${mistakes.length - told.length} more`)
  return told.join('; ')
}

function invalid(mistakes: string) {
  return new CallbusError('REQUEST_INVALID', { mistakes })
}

async function sentFile(request: object): Promise<Buffer> {
  const { file, isMultipart } = request as FastifyRequest
  if (!isMultipart.call(request)) throw invalid('a file in multipart/form-data is expected')
  try {
    const part = await file.call(request, { limits: { fileSize: fileAtMost, files: 1 } })
    if (!part) throw invalid('no file was sent')
    return await part.toBuffer()
  } catch (thrown) {
    if ((thrown as { code?: unknown }).code === 'FST_REQ_FILE_TOO_LARGE') {
      throw new CallbusError('REQUEST_TOO_LARGE', { limit: fileAtMost }, { cause: thrown })
    }
    if (thrown instanceof CallbusError) throw thrown
    // Bytes that are no form: no boundary, an end too early.
    throw invalid(`the file cannot be taken out of it (${reasonOf(thrown)})`)
  }
}
