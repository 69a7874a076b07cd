/** A Node program under measure: a process of its own, so that its CPU and memory are its own. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Given, Memory } from './subjects/answering.ts'

export interface Program extends AsyncDisposable {
  readonly pid: number
  /** What it told when it was ready. */
  readonly news: object
  /** After its garbage was collected. */
  memory(): Promise<Memory>
  /** Times it took itself since it was last asked, in milliseconds. */
  samples(): Promise<number[]>
}

export interface ProgramOptions {
  /** Its file in `bench/subjects`, without `.ts`. */
  name: string
  given: Partial<Given> & { folder: string }
  /** Folder for CPU profiles, one below it for each program: a profile for each of its threads. */
  profile?: string | undefined
}

export async function startProgram({ name, given, profile }: ProgramOptions): Promise<Program> {
  const log = openSync(join(given.folder, `${name}.log`), 'a')
  const child = fork(join(import.meta.dirname, 'subjects', `${name}.ts`), {
    execArgv: ['--expose-gc', ...(profile ? profiling(name, profile) : [])],
    env: { ...process.env, BENCH_GIVEN: JSON.stringify(given), NODE_NO_WARNINGS: '1' },
    stdio: ['ignore', log, log, 'ipc'],
  })
  closeSync(log)
  const lastWords = () => readFileSync(join(given.folder, `${name}.log`), 'utf8').slice(-4000)
  const news = await answerOf<object>(child, lastWords)

  async function ask<Answer>(question: string): Promise<Answer> {
    const answer = answerOf<Answer>(child, lastWords)
    child.send(question)
    return await answer
  }

  return {
    pid: child.pid ?? 0,
    news,
    memory: () => ask('memory'),
    samples: () => ask('samples'),
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      child.send('stop')
      await gone
    },
  }
}

async function answerOf<Answer>(child: ChildProcess, lastWords: () => string): Promise<Answer> {
  const settled = new AbortController()
  const answer = once(child, 'message', settled)
  const death = once(child, 'exit', settled).then(() => {
    throw new Error(`A program under measure ended:\n${lastWords()}`)
  })
  death.catch(() => undefined)
  answer.catch(() => undefined)
  try {
    const [message] = await Promise.race([answer, death])
    return message as Answer
  } finally {
    settled.abort()
  }
}

function profiling(name: string, folder: string): string[] {
  return ['--cpu-prof', `--cpu-prof-dir=${join(folder, name)}`]
}
