/** A real PostgreSQL for one test: its own cluster, reached over loopback, gone afterwards. */
import { execFile } from 'node:child_process'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Client } from 'pg'
import { type Daemon, startDaemon } from './daemon.ts'
import { postgresFolder } from './needs.ts'
import { claimPorts } from './ports.ts'
import { until } from './until.ts'

export interface Postgres extends AsyncDisposable {
  /** `postgres://callbus@127.0.0.1:PORT/postgres`, a superuser without password. */
  readonly url: string
  readonly port: number
  readonly pid: number
  /** A fresh, empty database. */
  createDatabase(): Promise<string>
  log(): Promise<string>
  /** Power cut; `restart` brings it back on the same port with its data. */
  kill(): Promise<void>
  restart(): Promise<void>
}

const run = promisify(execFile)

export async function startPostgres(): Promise<Postgres> {
  const programs = postgresFolder()
  if (!programs) throw new Error('PostgreSQL is not installed: install the package postgresql')
  const ports = await claimPorts(1)
  const port = ports.port(0)
  const folder = await mkdtemp(join(tmpdir(), 'callbus-postgres-'))
  const logFile = join(folder, 'postgres.log')
  const data = join(folder, 'data')
  const url = `postgres://callbus@127.0.0.1:${port}/postgres`
  let daemon: Daemon | undefined
  let databases = 0

  async function start() {
    const settings = [
      `port=${port}`,
      'listen_addresses=127.0.0.1',
      `unix_socket_directories=${folder}`,
      'fsync=off',
      'shared_buffers=32MB',
      'max_connections=60',
    ]
    const started = startDaemon({
      command: [
        join(programs ?? '', 'postgres'),
        '-D',
        data,
        ...settings.flatMap((setting) => ['-c', setting]),
      ],
      logFile,
      cwd: folder,
      deathSignal: 'QUIT',
      ...(asServerUser() ?? {}),
    })
    daemon = started
    const answers = async () => {
      if (started.hasExited()) throw new Error(`PostgreSQL ended while starting:\n${started.lastWords()}`)
      return await ask(url, 'select 1').then(
        () => true,
        () => false,
      )
    }
    await until(answers, { what: 'PostgreSQL to answer', within: 60_000, every: 50 })
  }

  async function end() {
    // Immediate shutdown: nobody needs this data again.
    await daemon?.stop('SIGQUIT')
    ports.release()
    await rm(folder, { recursive: true, force: true })
  }

  try {
    await initialise({ programs, data, folder })
    await start()
  } catch (thrown) {
    await end()
    throw thrown
  }

  return {
    url,
    port,
    get pid() {
      return daemon?.pid ?? 0
    },
    async createDatabase() {
      const name = `test_${++databases}`
      await ask(url, `create database ${name}`)
      return url.replace(/postgres$/, name)
    },
    log: () => readFile(logFile, 'utf8'),
    kill: async () => daemon?.stop('SIGQUIT'),
    restart: start,
    [Symbol.asyncDispose]: end,
  }
}

/** PostgreSQL refuses to run as root; Debian's package brings a user for it. */
function asServerUser(): { user: string } | undefined {
  return process.getuid?.() === 0 ? { user: 'postgres' } : undefined
}

async function initialise({ data, folder, programs }: { programs: string; data: string; folder: string }) {
  const command = [
    join(programs, 'initdb'),
    '-D',
    data,
    '-U',
    'callbus',
    '-A',
    'trust',
    '-E',
    'UTF8',
    '--no-sync',
  ]
  const locale = ['--locale=C.UTF-8']
  const asUser = asServerUser()
  if (!asUser) {
    await run(command[0] ?? '', [...command.slice(1), ...locale])
    return
  }
  await chmod(folder, 0o755)
  await run('chown', [asUser.user, folder])
  await run('setpriv', ['--reuid=postgres', '--regid=postgres', '--init-groups', ...command, ...locale], {
    cwd: folder,
  })
}

async function ask(url: string, query: string) {
  const client = new Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  try {
    await client.query(query)
  } finally {
    await client.end()
  }
}
