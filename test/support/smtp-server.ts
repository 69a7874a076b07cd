/** A mail server on loopback for tests: speaks for real, with TLS, and can be told to refuse. */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { createSecureContext, TLSSocket } from 'node:tls'

export interface Received {
  from: string
  to: string
  mail: string
  isEncrypted: boolean
  user?: string
}

export interface SmtpServerRules {
  key: string
  cert: string
  /** Answers in place of the usual ones, by the first word of the request. */
  says?: Record<string, string>
  ways?: string
  canEncrypt?: boolean
}

export async function startSmtpServer(rules: SmtpServerRules) {
  const { key, cert, ways = 'PLAIN LOGIN', canEncrypt = true } = rules
  const received: Received[] = []
  const sockets = new Set<Socket>()
  const secureContext = createSecureContext({ key, cert })

  function serve(socket: Socket, isEncrypted: boolean) {
    const about: Omit<Received, 'mail'> = { from: '', to: '', isEncrypted }
    let heard = ''
    let answer: (line: string) => void = command
    const say = (line: string) => socket.write(`${line}\r\n`)

    function command(line: string) {
      const [word = '', rest = ''] = [line.split(/[ :]/)[0]?.toUpperCase(), line.slice(line.indexOf(' ') + 1)]
      const said = rules.says?.[word]
      if (said !== undefined) return say(said)
      switch (word) {
        case 'EHLO':
          if (canEncrypt && !isEncrypted) say('250-STARTTLS')
          return say(`250-HELLO\r\n250 AUTH ${ways}`)
        case 'STARTTLS':
          say('220 go on')
          socket.removeAllListeners('data')
          return serve(new TLSSocket(socket, { isServer: true, secureContext }), true)
        case 'AUTH':
          return rest.startsWith('PLAIN') ? plain(rest.slice(6)) : login()
        case 'MAIL':
          about.from = between(rest)
          return say('250 ok')
        case 'RCPT':
          about.to = between(rest)
          return say('250 ok')
        case 'DATA':
          say('354 go on')
          return take()
        case 'QUIT':
          return socket.end('221 bye\r\n')
        default:
          return say('502 what?')
      }
    }

    function plain(base64: string) {
      about.user = decoded(base64).split('\0').slice(1).join(':')
      say('235 welcome')
    }

    function login() {
      say('334 VXNlcm5hbWU6')
      answer = (user) => {
        say('334 UGFzc3dvcmQ6')
        answer = (password) => {
          about.user = `${decoded(user)}:${decoded(password)}`
          answer = command
          say('235 welcome')
        }
      }
    }

    function take() {
      const lines: string[] = []
      answer = (line) => {
        if (line !== '.') return void lines.push(line.replace(/^\./, ''))
        received.push({ ...about, mail: lines.join('\r\n') })
        answer = command
        say('250 taken')
      }
    }

    socket.on('error', () => undefined)
    socket.on('data', (piece: Buffer) => {
      heard += piece.toString('latin1')
      for (let end = heard.indexOf('\r\n'); end !== -1; end = heard.indexOf('\r\n')) {
        const line = heard.slice(0, end)
        heard = heard.slice(end + 2)
        answer(line)
      }
    })
  }

  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    serve(socket, false)
    socket.write('220 test\r\n')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    received,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

const between = (text: string) => /<(.*)>/.exec(text)?.[1] ?? ''
const decoded = (base64: string) => Buffer.from(base64, 'base64').toString()
