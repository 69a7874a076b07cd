/** Whatever goes wrong on HTTP is answered as `{ code, message, requestId, details? }`. */
import { randomUUID } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { CallbusError, reasonOf } from '../errors.ts'

export const errors = fastifyPlugin(async (http) => {
  http.setErrorHandler(answerError)
  http.setNotFoundHandler((request, reply) => {
    const where = `${request.method} ${request.url.split('?')[0]}`.slice(0, 200)
    return answerError(new CallbusError('NOT_FOUND', { what: `route ${where}` }), request, reply)
  })
})

/** Also for what Fastify refuses before there is a route: bad addresses. */
export function answerError(thrown: unknown, request: FastifyRequest, reply: FastifyReply) {
  const error = toCoded(thrown, request)
  if (error.code === 'INTERNAL') {
    // What follows the question mark may open something.
    const url = request.url.split('?')[0]
    request.log.error({ method: request.method, url, err: thrown }, 'A request broke')
  }
  // A route that promised a file or a stream may have set another type already.
  void reply.type('application/json; charset=utf-8')
  return reply.code(error.status).send({
    code: error.code,
    message: error.message,
    requestId: request.id,
    ...(error.details && { details: error.details }),
  })
}

interface Coded {
  code: string
  message: string
  status: number
  details?: { where: string; mistake: string }[]
}

function toCoded(thrown: unknown, request: FastifyRequest): Coded {
  if (thrown instanceof CallbusError) return coded(thrown)
  const { code, statusCode = 500, validation, validationContext } = thrown as Partial<FastifyError>

  if (validation) {
    const details = validation.map(({ instancePath, message = 'is wrong' }) => ({
      where: `${validationContext ?? 'request'}${instancePath}`,
      mistake: message,
    }))
    const mistakes = details.map(({ where, mistake }) => `${where} ${mistake}`).join('; ')
    return { ...coded(new CallbusError('REQUEST_INVALID', { mistakes })), details }
  }
  if (statusCode === 413) {
    const limit = request.routeOptions.bodyLimit ?? 'the allowed number of'
    return coded(new CallbusError('REQUEST_TOO_LARGE', { limit }))
  }
  if (statusCode >= 400 && statusCode < 500) {
    const reason = code ? reasonOf(thrown) : 'it cannot be read'
    return { ...coded(new CallbusError('REQUEST_INVALID', { mistakes: reason })), status: statusCode }
  }
  return coded(new CallbusError('INTERNAL'))
}

function coded({ code, message, statusCode }: CallbusError): Coded {
  return { code, message, status: statusCode }
}

/** Bytes that are no HTTP at all. */
export function answerNoHttp(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const status =
    error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400
  const { code, message } = new CallbusError('REQUEST_INVALID', { mistakes: 'it is no HTTP request' })
  const body = JSON.stringify({ code, message, requestId: randomUUID() })
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: application/json; charset=utf-8\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  )
}
