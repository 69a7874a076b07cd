import type { RawData, WebSocket } from 'ws'
import type { AriAnswer } from './requests.ts'
import type { faultyAsk } from './wire.ts'
import { reasons } from './wire.ts'

const largestFrame = 64 * 1024

interface RestRequest {
  type?: unknown
  request_id?: unknown
  transaction_id?: unknown
  method?: unknown
  uri?: unknown
  content_type?: unknown
  message_body?: unknown
}

/** Requests over one WebSocket, one after another: one that waits holds up all behind it. */
export function serveRequests(socket: WebSocket, ask: ReturnType<typeof faultyAsk>): void {
  let turn: Promise<void> = Promise.resolve()
  socket.on('message', (data: RawData) => {
    const text = data.toString()
    if (text.length > largestFrame) return socket.terminate()
    turn = turn.then(() => serve(text))
  })

  async function serve(text: string): Promise<void> {
    const request = parse(text)
    if (!request) return answerWith({}, { status: 400, body: { message: 'Failed to parse JSON' } })
    const method = String(request.method ?? '')
    const uri = String(request.uri ?? '')
    if (method === 'PATCH') return answerWith(request, { status: 400, body: { message: 'Unknown method' } })
    if (uri.startsWith('/')) return answerWith(request, { status: 405, body: { message: 'Invalid method' } })
    const answer = await ask({
      method,
      uri,
      contentType: typeof request.content_type === 'string' ? request.content_type : undefined,
      body: typeof request.message_body === 'string' ? request.message_body : undefined,
    })
    if (answer) answerWith(request, Buffer.isBuffer(answer.body) ? { status: 406 } : answer)
  }

  function answerWith(request: RestRequest, { status, body }: AriAnswer): void {
    if (socket.readyState !== socket.OPEN) return
    socket.send(
      JSON.stringify({
        type: 'RESTResponse',
        transaction_id: request.transaction_id ?? '',
        request_id: request.request_id ?? '',
        status_code: status,
        reason_phrase: reasons[status] ?? 'Unknown',
        uri: request.uri ?? '',
        ...(body === undefined
          ? {}
          : { content_type: 'application/json', message_body: JSON.stringify(body) }),
      }),
    )
  }
}

function parse(text: string): RestRequest | undefined {
  try {
    const parsed: unknown = JSON.parse(text)
    return parsed && typeof parsed === 'object' ? parsed : undefined
  } catch {
    return undefined
  }
}
