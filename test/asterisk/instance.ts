/**
 * A real Asterisk for one test: its own folders, its own free loopback ports, gone afterwards.
 *
 * @example
 * await using asterisk = await startAsterisk({ outbound: { url: `ws://127.0.0.1:${port}/`, apps: 'callbus' } })
 */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { tone, writeWav } from '../support/audio.ts'
import { type Daemon, startDaemon } from '../support/daemon.ts'
import { claimPorts } from '../support/ports.ts'
import { until } from '../support/until.ts'
import { configFor, type World } from './config.ts'
import { provisionAsterisk } from './provision.ts'

/** What the exchange itself lets be heard, so that a caller's recording tells where he was. */
export const islandTone = 700
export const musicTone = 440

export interface AsteriskOptions {
  /** Prefix of its channel ids; letters and digits. */
  name?: string
  /** Let Asterisk call this WebSocket address for these applications; without it, Callbus connects. */
  outbound?: { url: string; apps: string }
  /** Instead of the default `extensions.conf`. */
  dialplan?: string
  /** Written over (or beside) the generated files of the configuration folder. */
  configFiles?: Record<string, string>
  /** The same, made from the ports that were chosen. */
  configure?: (world: World) => Record<string, string>
  /** Further files, by path inside the instance's folder. */
  extraFiles?: Record<string, string | Uint8Array>
  /** Extensions with a phone. */
  phones?: readonly string[]
  /** Seconds until the dead-man's guard leads a caller to the island. */
  guard?: number
  /** How many calls it must carry at once. */
  parallelCalls?: number
}

export interface AsteriskInstance extends AsyncDisposable {
  readonly version: string
  /** `http://127.0.0.1:PORT/ari` */
  readonly ariUrl: string
  readonly user: string
  readonly password: string
  readonly ariPort: number
  readonly sipPort: number
  /** Where each extension's phone must listen. */
  readonly phones: Readonly<Record<string, number>>
  /** Where a phone must listen to be the outside network (`PJSIP/<number>@trunk`). */
  readonly trunkPort: number
  readonly dir: string
  readonly configDir: string
  readonly soundsDir: string
  readonly pid: number
  /** One request to ARI; a body is sent as JSON. Throws on an error answer. */
  ari(method: string, path: string, body?: unknown): Promise<unknown>
  /** Asterisk's own command line, e.g. `core show channels`. */
  cli(command: string): Promise<string>
  /** Warnings and errors it logged. */
  log(): Promise<string>
  /** What is wrong with it, with its last words; `undefined` while it runs and answers. */
  illness(): Promise<string | undefined>
  /** Ends it as an administrator would, and removes its folder. */
  stop(): Promise<void>
  /** Power cut: the process is gone at once, the folder stays for a look or for `restart`. */
  kill(): Promise<void>
  /** Starts it again in the same folder on the same ports. */
  restart(): Promise<void>
}

const run = promisify(execFile)

export async function startAsterisk(options: AsteriskOptions = {}): Promise<AsteriskInstance> {
  const build = await provisionAsterisk()
  const { parallelCalls = 40, phones: extensions = ['101', '102', '103'] } = options
  const ports = await claimPorts(20 + extensions.length + parallelCalls * 4)
  const folder = await mkdtemp(join(tmpdir(), 'callbus-asterisk-'))
  const rtpFrom = 20 + extensions.length
  const world: World = {
    name: options.name ?? 'test',
    folder,
    modules: build.modules,
    ariPort: ports.port(0),
    sipPort: ports.port(1),
    trunkPort: ports.port(2),
    phones: Object.fromEntries(extensions.map((extension, at) => [extension, ports.port(10 + at)])),
    rtp: { from: ports.port(rtpFrom), to: ports.port(ports.size - 1) },
    user: 'callbus',
    password: 'callbus-test',
    outbound: options.outbound,
    guard: options.guard ?? 60,
  }
  const configDir = join(folder, 'etc')
  const ariUrl = `http://127.0.0.1:${world.ariPort}/ari`
  const authorization = `Basic ${Buffer.from(`${world.user}:${world.password}`).toString('base64')}`
  let daemon: Daemon | undefined

  async function start() {
    daemon = startDaemon({
      command: [...build.command, '-f', '-C', join(configDir, 'asterisk.conf')],
      logFile: join(folder, 'log/console.log'),
      cwd: folder,
    })
    await untilReady(daemon, ariUrl, authorization)
  }

  async function ari(method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await fetch(`${ariUrl}/${path}`, {
      method,
      headers: { authorization, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path} was answered ${answer.status} ${text}`)
    return text ? JSON.parse(text) : undefined
  }

  async function cli(command: string) {
    const [program = '', ...parameters] = build.command
    const { stdout } = await run(program, [
      ...parameters,
      '-C',
      join(configDir, 'asterisk.conf'),
      '-rx',
      command,
    ])
    return stdout
  }

  const log = () => readFile(join(folder, 'log/messages.log'), 'utf8').catch(() => '')

  async function illness() {
    if (daemon?.hasExited()) return `The exchange has ended:\n${daemon.lastWords()}`
    const signal = AbortSignal.timeout(5_000)
    const answer = await fetch(`${ariUrl}/asterisk/ping`, { headers: { authorization }, signal }).then(
      ({ ok, status }) => (ok ? undefined : `answers ${status}`),
      (thrown: unknown) => `does not answer: ${thrown}`,
    )
    return answer && `The exchange runs and ${answer}; it logged:\n${(await log()).slice(-2_000)}`
  }

  async function remove() {
    ports.release()
    await rm(folder, { recursive: true, force: true })
  }

  await writeFolders(folder, build.share)
  await writeFiles(configDir, {
    ...configFor(world),
    ...(options.dialplan ? { 'extensions.conf': options.dialplan } : {}),
    ...options.configFiles,
    ...options.configure?.(world),
  })
  await writeFiles(folder, options.extraFiles ?? {})
  try {
    await start()
  } catch (thrown) {
    await daemon?.kill()
    await remove()
    throw thrown
  }

  return {
    version: build.version,
    ariUrl,
    user: world.user,
    password: world.password,
    ariPort: world.ariPort,
    sipPort: world.sipPort,
    phones: world.phones,
    trunkPort: world.trunkPort,
    dir: folder,
    configDir,
    soundsDir: join(folder, 'data/sounds'),
    get pid() {
      return daemon?.pid ?? 0
    },
    ari,
    cli,
    log,
    illness,
    async stop() {
      await daemon?.stop('SIGTERM')
      await remove()
    },
    kill: async () => daemon?.kill(),
    restart: start,
    async [Symbol.asyncDispose]() {
      await daemon?.kill()
      await remove()
    },
  }
}

async function untilReady(daemon: Daemon, ariUrl: string, authorization: string) {
  const answers = async () => {
    if (daemon.hasExited()) throw new Error(`Asterisk ended while starting:\n${daemon.lastWords()}`)
    const answer = await fetch(`${ariUrl}/asterisk/ping`, { headers: { authorization } }).catch(
      () => undefined,
    )
    await answer?.arrayBuffer()
    if (answer?.status === 401) throw new Error('Asterisk refuses the test user: is ari.conf overridden?')
    return answer?.ok
  }
  await until(answers, { what: `Asterisk to answer on ${ariUrl}`, within: 30_000 })
}

async function writeFolders(folder: string, share: string) {
  const names = 'etc db key spool/recording run log moh data/sounds'.split(' ')
  for (const name of names) await mkdir(join(folder, name), { recursive: true })
  for (const name of ['documentation', 'rest-api'])
    await symlink(join(share, name), join(folder, 'data', name))
  await symlink(join(share, 'sounds/en'), join(folder, 'data/sounds/en'))
  writeWav(join(folder, 'moh/music.wav'), tone(musicTone, 5))
  writeWav(join(folder, 'data/sounds/island.wav'), tone(islandTone, 2))
}

async function writeFiles(folder: string, files: Record<string, string | Uint8Array>) {
  for (const [name, content] of Object.entries(files)) {
    const file = join(folder, name)
    await mkdir(join(file, '..'), { recursive: true })
    await writeFile(file, content)
  }
}
