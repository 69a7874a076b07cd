/** Hands one mail over to a mail server, by RFC 5321 with STARTTLS (3207) and AUTH (4954). */
import { once } from 'node:events'
import { connect, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'

export interface SmtpServer {
  host: string
  port: number
  security: 'starttls' | 'tls' | 'none'
  user?: string
  password?: string
  /** PEM. */
  certificateAuthority?: string
}

export interface Envelope {
  from: string
  to: string
}

/** The server has said no. */
export class SmtpRefusal extends Error {
  override readonly name = 'SmtpRefusal'
  readonly code: number
  /** No to this mail, and for ever: trying again is of no use. */
  readonly isFinal: boolean

  constructor(request: string, { code, text }: Reply, isFinal = false) {
    super(`${request} was answered by ${code} ${text.slice(0, 200)}`)
    this.code = code
    this.isFinal = isFinal && code >= 500
  }
}

interface Reply {
  code: number
  text: string
}

const longestReply = 64 * 1024

/** Resolves once the server has taken `mail`, whose lines end with CRLF. */
export async function sendMail(
  server: SmtpServer,
  { from, to }: Envelope,
  mail: string,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted()
  let wire = openWire(await openSocket(server, signal))
  const abandon = () => wire.socket.destroy(signal.reason)
  signal.addEventListener('abort', abandon, { once: true })
  try {
    expect(await wire.reply(), 220, 'Connecting')
    let abilities = await greet(wire)
    if (server.security === 'starttls') {
      if (!abilities.includes('STARTTLS')) throw new Error('the server cannot encrypt (no STARTTLS)')
      expect(await wire.ask('STARTTLS'), 220, 'STARTTLS')
      // What came in the open before is not listened to: somebody between could have said it.
      wire = openWire(await encrypted(server, wire.leave(), signal))
      abilities = await greet(wire)
    }
    if (server.user !== undefined) await signIn(wire, server.user, server.password ?? '', abilities)
    expect(await wire.ask(`MAIL FROM:<${from}>`), 250, 'MAIL FROM', true)
    expect(await wire.ask(`RCPT TO:<${to}>`), [250, 251], 'RCPT TO', true)
    expect(await wire.ask('DATA'), 354, 'DATA')
    expect(await wire.ask(`${stuffed(mail)}.`), 250, 'The mail', true)
    wire.socket.end('QUIT\r\n')
  } catch (thrown) {
    throw signal.aborted ? signal.reason : thrown
  } finally {
    signal.removeEventListener('abort', abandon)
    wire.socket.destroySoon()
  }
}

async function openSocket({ host, port, security, ...rest }: SmtpServer, signal: AbortSignal) {
  const socket =
    security === 'tls' ? connectTls({ host, port, ...tlsOf({ host, ...rest }) }) : connect({ host, port })
  return await standing(socket, security === 'tls' ? 'secureConnect' : 'connect', signal)
}

async function encrypted(server: SmtpServer, socket: Socket, signal: AbortSignal): Promise<Socket> {
  return await standing(connectTls({ socket, ...tlsOf(server) }), 'secureConnect', signal)
}

async function standing(socket: Socket, event: string, signal: AbortSignal): Promise<Socket> {
  try {
    await once(socket, event, { signal })
    return socket
  } catch (thrown) {
    socket.destroy()
    throw thrown
  }
}

function tlsOf({ host, certificateAuthority }: Pick<SmtpServer, 'host' | 'certificateAuthority'>) {
  return {
    ...(isIP(host) === 0 && { servername: host }),
    ...(certificateAuthority !== undefined && { ca: certificateAuthority }),
  }
}

async function greet(wire: Wire): Promise<string[]> {
  const reply = await wire.ask(`EHLO ${nameOf(wire.socket)}`)
  expect(reply, 250, 'EHLO')
  return reply.text.split('\n').map((line) => line.toUpperCase())
}

/** Our own address: what has no name on the net says so. */
function nameOf({ localAddress = '127.0.0.1' }: Socket): string {
  return isIP(localAddress) === 6 ? `[IPv6:${localAddress}]` : `[${localAddress}]`
}

async function signIn(wire: Wire, user: string, password: string, abilities: readonly string[]) {
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  const ways = abilities.find((each) => each.startsWith('AUTH'))?.split(/[ =]/) ?? []
  if (ways.includes('PLAIN'))
    return expect(await wire.ask(`AUTH PLAIN ${base64(`\0${user}\0${password}`)}`), 235, 'Signing in')
  if (!ways.includes('LOGIN')) throw new Error('the server offers neither AUTH PLAIN nor LOGIN')
  expect(await wire.ask('AUTH LOGIN'), 334, 'Signing in')
  expect(await wire.ask(base64(user)), 334, 'Signing in')
  expect(await wire.ask(base64(password)), 235, 'Signing in')
}

function expect(reply: Reply, wanted: number | readonly number[], request: string, isFinal = false): void {
  if (![wanted].flat().includes(reply.code)) throw new SmtpRefusal(request, reply, isFinal)
}

/** A line that begins with a dot gets another, so that none is taken for the end. */
function stuffed(mail: string): string {
  return mail.replace(/^\./gm, '..')
}

interface Wire {
  readonly socket: Socket
  /** The next reply of the server, its lines joined. */
  reply(): Promise<Reply>
  ask(line: string): Promise<Reply>
  /** Stops listening; what was heard and not asked for is forgotten. */
  leave(): Socket
}

function openWire(socket: Socket): Wire {
  let heard = ''
  let failure: Error | undefined
  let wake: () => void = () => undefined
  const onData = (piece: Buffer) => {
    heard += piece.toString('latin1')
    if (heard.length > longestReply) socket.destroy(new Error('the server talks without end'))
    wake()
  }
  const onEnd = (thrown?: unknown) => {
    failure ??= thrown instanceof Error ? thrown : new Error('the server closed the connection')
    wake()
  }
  socket.on('data', onData).on('error', onEnd).on('close', onEnd)

  async function reply(): Promise<Reply> {
    for (;;) {
      const found = /^(?:\d{3}-[^\n]*\n)*(\d{3})(?: [^\n]*)?\r?\n/.exec(heard)
      if (found) {
        heard = heard.slice(found[0].length)
        const lines = found[0].trimEnd().split('\n')
        return { code: Number(found[1]), text: lines.map((line) => line.trimEnd().slice(4)).join('\n') }
      }
      if (failure) throw failure
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }

  return {
    socket,
    reply,
    async ask(line) {
      socket.write(`${line}\r\n`)
      return await reply()
    },
    leave() {
      socket.off('data', onData).off('close', onEnd)
      return socket
    },
  }
}
