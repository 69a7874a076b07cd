/** Requests and responses over UDP on loopback: repeats what gets lost, answers repeats with the same answer. */
import { randomUUID } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import {
  type Address,
  addressOf,
  branchOf,
  formatMessage,
  headerOf,
  headersOf,
  methodOf,
  parseMessage,
  type SipMessage,
  statusOf,
  uriOf,
} from './sip-message.ts'

export interface SipTransport extends AsyncDisposable {
  readonly host: string
  readonly port: number
  /** Resolves with the final response; provisional ones are passed on as they come. */
  request(message: SipMessage, to: Address, provisional?: (response: SipMessage) => void): Promise<SipMessage>
  /** Sends and forgets: ACK. It is repeated whenever the response it confirms comes again. */
  acknowledge(message: SipMessage, to: Address, response: SipMessage): void
  respond(
    request: SipMessage,
    status: string,
    more?: { tag?: string; headers?: [string, string][]; body?: string },
  ): void
  onRequest(listener: (request: SipMessage) => void): void
}

interface Transaction {
  provisional: ((response: SipMessage) => void) | undefined
  resolve: (response: SipMessage) => void
  stopRepeating: () => void
  request: SipMessage
  to: Address
}

const repeatEvery = 500

export async function openTransport(port = 0, ownHost = '127.0.0.1'): Promise<SipTransport> {
  const socket = createSocket('udp4')
  socket.bind(port, ownHost)
  await once(socket, 'listening')
  const own = socket.address().port
  const pending = new Map<string, Transaction>()
  const answered = new Map<string, string>()
  const acknowledged = new Map<string, { text: string; to: Address }>()
  let listener: (request: SipMessage) => void = () => undefined
  let isOpen = true

  function send(text: string, { host, port: toPort }: Address) {
    if (isOpen) socket.send(text, toPort, host === 'localhost' ? '127.0.0.1' : host)
  }

  function received(message: SipMessage) {
    if (statusOf(message)) return responseReceived(message)
    const key = `${branchOf(message)} ${methodOf(message)}`
    const known = answered.get(key)
    if (known === undefined) {
      if (methodOf(message) !== 'ACK') answered.set(key, '')
      return listener(message)
    }
    const back = viaAddress(message)
    if (known && back) send(known, back)
  }

  function responseReceived(response: SipMessage) {
    const key = `${branchOf(response)} ${methodOf(response)}`
    const ack = acknowledged.get(key)
    if (ack) return send(ack.text, ack.to)
    const transaction = pending.get(key)
    if (!transaction) return
    transaction.stopRepeating()
    if (statusOf(response) < 200) return transaction.provisional?.(response)
    pending.delete(key)
    if (methodOf(response) === 'INVITE' && statusOf(response) >= 300) confirmRefusal(transaction, response)
    transaction.resolve(response)
  }

  /** A refused INVITE is confirmed within its own transaction: same branch. */
  function confirmRefusal({ request, to }: Transaction, response: SipMessage) {
    const kept = ['Via', 'From', 'Call-ID', 'Max-Forwards'].map((name): [string, string] => [
      name,
      headerOf(request, name),
    ])
    const cseq = `${headerOf(request, 'cseq').split(' ')[0]} ACK`
    const ack: SipMessage = {
      start: request.start.replace('INVITE', 'ACK'),
      headers: [...kept, ['To', headerOf(response, 'to')], ['CSeq', cseq]],
      body: '',
    }
    acknowledge(ack, to, response)
  }

  function acknowledge(message: SipMessage, to: Address, response: SipMessage) {
    const text = formatMessage(message)
    acknowledged.set(`${branchOf(response)} ${methodOf(response)}`, { text, to })
    send(text, to)
  }

  socket.on('message', (bytes) => {
    const message = parseMessage(bytes.toString('utf8'))
    if (message) received(message)
  })
  // A neighbour that has gone answers with a refused port; the repeats and deadlines deal with it.
  socket.on('error', () => undefined)

  return {
    host: ownHost,
    port: own,

    request(message, to, provisional) {
      const text = formatMessage(message)
      const timer = setInterval(() => send(text, to), repeatEvery)
      const { promise, resolve } = Promise.withResolvers<SipMessage>()
      pending.set(`${branchOf(message)} ${methodOf(message)}`, {
        provisional,
        resolve,
        stopRepeating: () => clearInterval(timer),
        request: message,
        to,
      })
      send(text, to)
      return promise
    },

    acknowledge,

    respond(request, status, { body = '', headers = [], tag } = {}) {
      const to = headerOf(request, 'to')
      const text = formatMessage({
        start: `SIP/2.0 ${status}`,
        headers: [
          ...headersOf(request, 'via').map((via): [string, string] => ['Via', via]),
          ['From', headerOf(request, 'from')],
          ['To', tag && !to.includes('tag=') ? `${to};tag=${tag}` : to],
          ['Call-ID', headerOf(request, 'call-id')],
          ['CSeq', headerOf(request, 'cseq')],
          ...headers,
        ],
        body,
      })
      answered.set(`${branchOf(request)} ${methodOf(request)}`, text)
      const back = viaAddress(request)
      if (back) send(text, back)
    },

    onRequest(next) {
      listener = next
    },

    async [Symbol.asyncDispose]() {
      if (!isOpen) return
      isOpen = false
      for (const { stopRepeating } of pending.values()) stopRepeating()
      socket.close()
      await once(socket, 'close')
    },
  }
}

export function newBranch(): string {
  return `z9hG4bK${randomUUID()}`
}

function viaAddress(request: SipMessage): Address | undefined {
  const via = headerOf(request, 'via')
  return addressOf(uriOf(`<sip:${via.split(/\s+/)[1] ?? ''}>`))
}
