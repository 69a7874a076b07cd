/** Carries requests to a dispatch program over kept-alive connections with this site's TLS. */
import { constants } from 'node:crypto'
import { createSecureContext, TLSSocket } from 'node:tls'
import { buildConnector, type Dispatcher, errors, Pool } from 'undici'
import { CallbusError } from '../errors.ts'

export interface Request {
  /** What is asked, for logs and errors. */
  name: string
  verb: 'GET' | 'POST' | 'PUT' | 'PATCH'
  path: string
  headers: Record<string, string>
  body?: string
  /** Doing it twice is as doing it once. Every GET is so. */
  isRepeatable?: boolean
}

export interface Answer {
  status: number
  text: string
}

export interface Line {
  /** Rejects with the signal's reason as soon as it aborts, or with a coded error. */
  send(request: Request, signal: AbortSignal): Promise<Answer>
  close(): Promise<void>
}

/** A day's current orders of a large city are a few megabytes. */
const largestAnswer = 64 * 1024 * 1024

export interface LineSettings {
  url: string
  allowPlainHttp: boolean
  tls: Tls
  connections: number
  /** Milliseconds in which a connection has to stand. */
  deadlineMs: number
}

interface Tls {
  verify: boolean
  /** SHA-256 of the one certificate that is taken. */
  fingerprint?: string
  /** As old installations speak it. */
  oldTls: boolean
}

export function openLine({ url, allowPlainHttp, tls, connections, deadlineMs }: LineSettings): Line {
  if (url.startsWith('http:') && !allowPlainHttp) {
    throw new CallbusError('SETTINGS_INVALID', {
      mistakes: 'the address of the dispatch program is plain HTTP, and `allowPlainHttp` does not allow that',
    })
  }
  const pool = new Pool(new URL(url).origin, {
    connect: connectorFor(tls, deadlineMs),
    connections,
    keepAliveTimeout: 30_000,
    // Whoever asks has a deadline of his own.
    headersTimeout: 0,
    bodyTimeout: 0,
    maxResponseSize: largestAnswer,
  })

  /** Answers are read whole; the library's `request` would make a stream of each, which costs a third more. */
  function exchange({ verb, path, headers, body }: Request, signal: AbortSignal): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const pieces: Buffer[] = []
      let status = 0
      let controller: Dispatcher.DispatchController | undefined
      const abandon = () => {
        controller?.abort(signal.reason)
        reject(signal.reason)
      }
      signal.addEventListener('abort', abandon, { once: true })

      pool.dispatch(
        { method: verb, path, headers, body: body ?? null },
        {
          onRequestStart(started) {
            controller = started
            if (signal.aborted) abandon()
          },
          onResponseStart(_, statusCode) {
            status = statusCode
          },
          onResponseData(_, piece) {
            pieces.push(piece)
          },
          onResponseEnd() {
            signal.removeEventListener('abort', abandon)
            resolve({ status, text: Buffer.concat(pieces).toString() })
          },
          onResponseError(_, thrown) {
            signal.removeEventListener('abort', abandon)
            reject(thrown)
          },
        },
      )
    })
  }

  return {
    async send(request, signal) {
      signal.throwIfAborted()
      try {
        return await exchange(request, signal).catch((thrown: unknown) => {
          // A kept-alive connection that the server closed as we wrote on it; a question may be asked again.
          const isRepeatable = request.verb === 'GET' || request.isRepeatable
          if (isRepeatable && isBrokenConnection(thrown) && !signal.aborted) return exchange(request, signal)
          throw thrown
        })
      } catch (thrown) {
        throw signal.aborted ? signal.reason : toCoded(thrown, request.name)
      }
    },

    close: () => pool.destroy(),
  }
}

function connectorFor({ verify, fingerprint, oldTls }: Tls, timeout: number): buildConnector.connector {
  const pinned = fingerprint && bare(fingerprint)
  const connect = buildConnector({
    allowH2: false,
    timeout,
    rejectUnauthorized: verify && !pinned,
    // A resumed session would not show the certificate again.
    ...(pinned && { maxCachedSessions: 0 }),
    // Made once: reading the system's authorities for each connection costs more than the connection.
    secureContext: createSecureContext(
      oldTls
        ? {
            minVersion: 'TLSv1',
            ciphers: 'DEFAULT:@SECLEVEL=0',
            secureOptions: constants.SSL_OP_LEGACY_SERVER_CONNECT,
          }
        : {},
    ),
  })
  if (!pinned) return connect

  return (options, callback) =>
    connect(options, (...[error, socket]) => {
      if (error) return callback(error, null)
      const shown = socket instanceof TLSSocket ? socket.getPeerCertificate().fingerprint256 : undefined
      if (shown === undefined || bare(shown) === pinned) return callback(null, socket)
      socket.destroy()
      callback(new Error(`its certificate is not the pinned one but ${shown}`), null)
    })
}

function bare(fingerprint: string): string {
  return fingerprint.replaceAll(':', '').toLowerCase()
}

function isBrokenConnection(thrown: unknown): boolean {
  const code = codeOf(thrown)
  return code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE'
}

/** The library's errors may carry pieces of the answer, so only their code and sentence travel on. */
function toCoded(thrown: unknown, request: string): CallbusError {
  const reason = [codeOf(thrown), thrown instanceof Error ? thrown.message : String(thrown)]
    .filter(Boolean)
    .join(': ')
  const unreadable =
    thrown instanceof errors.HTTPParserError ||
    thrown instanceof errors.HeadersOverflowError ||
    thrown instanceof errors.ResponseExceededMaxSizeError ||
    thrown instanceof errors.ResponseContentLengthMismatchError
  if (unreadable) return new CallbusError('DISPATCH_NONSENSE', { request, reason })
  return new CallbusError('DISPATCH_UNREACHABLE', { reason: reason || 'the connection failed' })
}

function codeOf(thrown: unknown): string | undefined {
  const code = (thrown as { code?: unknown } | undefined)?.code
  return typeof code === 'string' ? code : undefined
}
