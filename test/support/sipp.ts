/** Many telephones at once, played by SIPp. Its clock ticks every 4 ms: finer latencies belong to the app. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { programPath, startDaemon } from './daemon.ts'
import { claimPorts } from './ports.ts'
import { callerScenario, operatorScenario } from './sipp-scenarios.ts'
import { until } from './until.ts'

export interface LoadOptions {
  /** The exchange's SIP port on loopback. */
  target: { sipPort: number }
  /** New calls per second. */
  rate: number
  calls: number
  /** Callers' numbers, taken in turns. */
  from: readonly string[]
  to: string
  /** Milliseconds of talk, or leave the end to the exchange. */
  hold?: number | 'until they hang up'
  /** At most so many calls at once. */
  parallel?: number
  /** Seconds after which the load stops, whatever came of it. */
  durationLimit?: number
}

export interface LoadResult {
  calls: number
  succeeded: number
  failed: number
  seconds: number
  /** From INVITE to 200. */
  answerMs: { p50: number; p90: number; p99: number; max: number }
  /** What SIPp complained about, at its beginning. */
  complaints: string
}

export async function callLoad(options: LoadOptions): Promise<LoadResult> {
  const { calls, durationLimit = 300, from, hold = 0, parallel = 2000, rate, target, to } = options
  await using work = await workFolder()
  const ports = await claimPorts()
  await writeFile(join(work.folder, 'callers.csv'), ['SEQUENTIAL', ...from, ''].join('\n'))
  await writeFile(join(work.folder, 'callers.xml'), callerScenario(hold))
  const load = {
    sf: 'callers.xml',
    inf: 'callers.csv',
    s: to,
    r: rate,
    m: calls,
    l: parallel,
    timeout: `${durationLimit}s`,
    stf: 'stat.csv',
    fd: 1,
    rtt_freq: 1,
    error_file: 'errors.log',
  }
  const flags = ['-trace_stat', '-trace_rtt', '-trace_err', `127.0.0.1:${target.sipPort}`]
  const sipp = startSipp(work.folder, ports.port(0), ports.port(1), load, flags)
  await sipp.exited
  ports.release()

  const result = await readResult(work.folder)
  if (!result) throw new Error(`SIPp did not run:\n${sipp.lastWords()}`)
  return result
}

export interface OperatorLoadOptions {
  /** Where the exchange expects them, e.g. `asterisk.phones['101']`. */
  port: number
  /** Milliseconds of ringing. */
  answerAfter?: number
}

/** A phone that answers any number of calls at once and talks until hung up. */
export async function operatorLoad({ answerAfter = 0, port }: OperatorLoadOptions): Promise<AsyncDisposable> {
  const work = await workFolder()
  const ports = await claimPorts()
  await writeFile(join(work.folder, 'operators.xml'), operatorScenario(answerAfter))
  const sipp = startSipp(work.folder, port, ports.port(1), { sf: 'operators.xml', stf: 'stat.csv', fd: 1 }, [
    '-trace_stat',
  ])
  const isUp = async () => {
    if (sipp.hasExited()) throw new Error(`SIPp ended while starting:\n${sipp.lastWords()}`)
    return (await readdir(work.folder)).includes('stat.csv')
  }
  await until(isUp, { what: 'SIPp to listen' })
  return {
    async [Symbol.asyncDispose]() {
      await sipp.kill()
      ports.release()
      await work[Symbol.asyncDispose]()
    },
  }
}

function startSipp(
  folder: string,
  port: number,
  mediaPort: number,
  options: Record<string, string | number>,
  flags: string[],
) {
  const program = programPath('sipp')
  if (!program) throw new Error('SIPp is not installed: install the package sip-tester')
  const where = { i: '127.0.0.1', mi: '127.0.0.1', p: port, mp: mediaPort, cp: mediaPort + 1 }
  const pairs = Object.entries({ ...where, ...options }).flatMap(([name, value]) => [
    `-${name}`,
    String(value),
  ])
  const command = [program, ...flags, ...pairs, '-nostdin', '-bind_local']
  return startDaemon({ command, cwd: folder, logFile: join(folder, 'console.log') })
}

async function workFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'callbus-sipp-'))
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}

async function readResult(folder: string): Promise<LoadResult | undefined> {
  const names = await readdir(folder)
  const statistics = await readFile(join(folder, 'stat.csv'), 'utf8').catch(() => '')
  const [head = '', ...rows] = statistics.trim().split('\n')
  const last = rows.at(-1)?.split(';')
  if (!last) return undefined
  const value = (name: string) => last[head.split(';').indexOf(name)] ?? ''
  const times = names.find((name) => name.endsWith('_rtt.csv'))
  const table = times ? await readFile(join(folder, times), 'utf8') : ''
  const complaints = await readFile(join(folder, 'errors.log'), 'utf8').catch(() => '')
  return {
    calls: Number(value('TotalCallCreated')),
    succeeded: Number(value('SuccessfulCall(C)')),
    failed: Number(value('FailedCall(C)')),
    seconds: toSeconds(value('ElapsedTime(C)')),
    answerMs: spread(table),
    complaints: complaints.slice(0, 2000),
  }
}

/** `00:00:02:513000`, hours to microseconds. */
function toSeconds(text: string): number {
  const [hours = 0, minutes = 0, seconds = 0, micro = 0] = text.split(':').map(Number)
  return hours * 3600 + minutes * 60 + seconds + micro / 1e6
}

function spread(table: string): LoadResult['answerMs'] {
  const times = table
    .trim()
    .split('\n')
    .slice(1)
    .map((row) => Number(row.split(';')[1]))
    .sort((one, other) => one - other)
  const quantile = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0
  return { p50: quantile(0.5), p90: quantile(0.9), p99: quantile(0.99), max: times.at(-1) ?? 0 }
}
