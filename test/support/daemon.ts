/**
 * A real neighbour's process: started in the foreground, its output kept in a file, ended by its own pid.
 * It dies with the test that started it, even when that test is killed.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'

export interface Daemon {
  readonly pid: number
  readonly exited: Promise<void>
  hasExited(): boolean
  /** The end of what it wrote, for the message of a failed start. */
  lastWords(): string
  /** Asks it to end; after `patience` milliseconds it is killed. */
  stop(signal?: NodeJS.Signals, patience?: number): Promise<void>
  kill(): Promise<void>
}

export interface DaemonOptions {
  command: readonly string[]
  logFile: string
  cwd?: string
  env?: Record<string, string>
  /** A user to become; only when we are root. */
  user?: string
  /** What it gets when we die first. */
  deathSignal?: 'KILL' | 'INT' | 'QUIT'
}

export function startDaemon({
  command,
  logFile,
  cwd,
  env,
  user,
  deathSignal = 'KILL',
}: DaemonOptions): Daemon {
  const [program, ...parameters] = [...guard(deathSignal, user), ...command]
  if (!program) throw new Error('A daemon needs a command')
  const log = openSync(logFile, 'a')
  const child = spawn(program, parameters, {
    stdio: ['ignore', log, log],
    env: { ...process.env, ...env },
    ...(cwd ? { cwd } : {}),
  })
  closeSync(log)

  const exited = endOf(child)
  const hasExited = () => child.exitCode !== null || child.signalCode !== null || child.pid === undefined

  async function stop(signal: NodeJS.Signals = 'SIGTERM', patience = 10_000) {
    if (hasExited()) return exited
    child.kill(signal)
    const timer = setTimeout(() => child.kill('SIGKILL'), patience)
    await exited
    clearTimeout(timer)
  }

  return {
    pid: child.pid ?? 0,
    exited,
    hasExited,
    lastWords: () => readFileSync(logFile, 'utf8').split('\n').slice(-30).join('\n'),
    stop,
    kill: () => stop('SIGKILL'),
  }
}

async function endOf(child: ChildProcess) {
  await once(child, 'exit').catch(() => undefined)
}

/** setpriv ties the child's life to ours and can change the user; it replaces itself, so the pid stays. */
function guard(deathSignal: string, user: string | undefined): string[] {
  if (!hasProgram('setpriv')) {
    if (user) throw new Error(`setpriv (package util-linux) is needed to run as ${user}`)
    return []
  }
  const asUser = user ? [`--reuid=${user}`, `--regid=${user}`, '--init-groups'] : []
  return ['setpriv', ...asUser, '--pdeathsig', deathSignal]
}

export function hasProgram(name: string): boolean {
  return programPath(name) !== undefined
}

/** Where a program is, on PATH or where Debian keeps servers. */
export function programPath(name: string): string | undefined {
  try {
    const found = execFileSync('/bin/sh', ['-c', 'command -v -- "$0"', name], {
      encoding: 'utf8',
      env: { ...process.env, PATH: `${process.env.PATH}:/usr/local/sbin:/usr/sbin:/sbin` },
    })
    return found.trim() || undefined
  } catch {
    return undefined
  }
}
