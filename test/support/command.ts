/** `callbus` as people start it: a process of its own, with what it prints. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

const main = join(import.meta.dirname, '../../core/main.ts')

export interface Ended {
  code: number | null
  out: string
  err: string
}

export interface Running extends AsyncDisposable {
  readonly pid: number
  /** Resolves with the match once it was printed; rejects when the process ends before. */
  prints(pattern: RegExp): Promise<RegExpMatchArray>
  /** As Ctrl-C does. */
  interrupt(): void
  ended(): Promise<Ended>
}

/** Runs it to its end. */
export function callbus(words: readonly string[], options: { folder: string }): Promise<Ended> {
  return startCallbus(words, options).ended()
}

export function startCallbus(words: readonly string[], { folder }: { folder: string }): Running {
  return watch(spawn(process.execPath, [main, ...words], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] }))
}

function watch(child: ChildProcess): Running {
  const printed = { out: '', err: '' }
  const { stdout, stderr, pid } = child
  if (!stdout || !stderr || pid === undefined) throw new Error('The process could not be started')
  stdout.setEncoding('utf8').on('data', (text: string) => {
    printed.out += text
  })
  stderr.setEncoding('utf8').on('data', (text: string) => {
    printed.err += text
  })
  const closed = once(child, 'close').then(([code]): Ended => ({ code, ...printed }))

  return {
    pid,
    ended: () => closed,
    interrupt: () => void child.kill('SIGINT'),

    async prints(pattern) {
      for (;;) {
        const match = printed.out.match(pattern)
        if (match) return match
        const more = await Promise.race([once(stdout, 'data').then(() => true), closed.then(() => false)])
        if (!more && !printed.out.match(pattern)) {
          throw new Error(`It ended without printing ${pattern}:\n${printed.out}${printed.err}`)
        }
      }
    },

    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
      await closed
    },
  }
}
