/** A real Mosquitto on loopback: plain, with a password, with TLS. */
import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Daemon, programPath, startDaemon } from './daemon.ts'
import { claimPorts } from './ports.ts'
import { until } from './until.ts'

export interface MosquittoOptions {
  /** Only clients with this name and password. */
  login?: { user: string; password: string }
  /** Serve TLS with a certificate of its own for `localhost` and `127.0.0.1`. */
  tls?: boolean
}

export interface Mosquitto extends AsyncDisposable {
  readonly port: number
  /** `mqtt://127.0.0.1:PORT` or `mqtts://localhost:PORT`. */
  readonly url: string
  /** The certificate a client must trust, when it serves TLS. */
  readonly ca: string | undefined
  readonly caFile: string | undefined
  readonly pid: number
  log(): Promise<string>
  /** Gone at once; `restart` brings it back on the same port with what it had stored. */
  kill(): Promise<void>
  restart(): Promise<void>
}

const run = promisify(execFile)

export async function startMosquitto({ login, tls = false }: MosquittoOptions = {}): Promise<Mosquitto> {
  const program = programPath('mosquitto')
  if (!program) throw new Error('Mosquitto is not installed: install the package mosquitto')
  const ports = await claimPorts(1)
  const port = ports.port(0)
  const folder = await mkdtemp(join(tmpdir(), 'callbus-mosquitto-'))
  // Started as root it becomes the user `mosquitto`, who must be able to read and store here.
  await chmod(folder, 0o777)
  const logFile = join(folder, 'mosquitto.log')
  const caFile = tls ? await makeCertificate(folder) : undefined
  if (login) await makePasswordFile(folder, login)
  await writeFile(
    join(folder, 'mosquitto.conf'),
    configuration({ folder, port, tls, login: login !== undefined }),
  )
  let daemon: Daemon | undefined

  async function restart() {
    const started = startDaemon({ command: [program ?? '', '-c', join(folder, 'mosquitto.conf')], logFile })
    daemon = started
    const isListening = () => {
      if (started.hasExited()) throw new Error(`Mosquitto ended while starting:\n${started.lastWords()}`)
      return accepts(port)
    }
    await until(isListening, { what: 'Mosquitto to listen' })
  }

  async function end() {
    await daemon?.stop('SIGTERM', 2000)
    ports.release()
    await rm(folder, { recursive: true, force: true })
  }

  await restart().catch(async (thrown) => {
    await end()
    throw thrown
  })

  return {
    port,
    url: tls ? `mqtts://localhost:${port}` : `mqtt://127.0.0.1:${port}`,
    ca: caFile ? await readFile(caFile, 'utf8') : undefined,
    caFile,
    get pid() {
      return daemon?.pid ?? 0
    },
    log: () => readFile(logFile, 'utf8'),
    kill: async () => daemon?.kill(),
    restart,
    [Symbol.asyncDispose]: end,
  }
}

function configuration({
  folder,
  login,
  port,
  tls,
}: {
  folder: string
  port: number
  tls: boolean
  login: boolean
}) {
  const certificate = [`certfile ${join(folder, 'server.crt')}`, `keyfile ${join(folder, 'server.key')}`]
  return [
    `listener ${port} 127.0.0.1`,
    ...(tls ? certificate : []),
    login ? `password_file ${join(folder, 'passwords')}` : 'allow_anonymous true',
    'persistence true',
    `persistence_location ${folder}/`,
    'autosave_interval 1',
    'log_dest stderr',
    '',
  ].join('\n')
}

async function makePasswordFile(folder: string, { password, user }: { user: string; password: string }) {
  const file = join(folder, 'passwords')
  await run('mosquitto_passwd', ['-c', '-b', file, user, password])
  await chmod(file, 0o644)
}

/** A certificate that signs itself; the client trusts exactly it. */
async function makeCertificate(folder: string): Promise<string> {
  const certificate = join(folder, 'server.crt')
  const key = join(folder, 'server.key')
  const names = 'subjectAltName=DNS:localhost,IP:127.0.0.1'
  const identity = ['-subj', `/CN=${randomUUID()}`, '-addext', names, '-days', '2']
  const files = ['-keyout', key, '-out', certificate]
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  await run('openssl', ['req', '-x509', ...curve, ...identity, ...files])
  await chmod(key, 0o644)
  return certificate
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  const { promise, resolve } = Promise.withResolvers<boolean>()
  socket.once('connect', () => resolve(true))
  socket.once('error', () => resolve(false))
  const answer = await promise
  socket.destroy()
  return answer
}
