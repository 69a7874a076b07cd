/** How a program under measure talks with the bench: it says when it is ready and answers what it is asked. */
import { setTimeout as pause } from 'node:timers/promises'

export interface Memory {
  rssMiB: number
  heapMiB: number
}

/** What each subject is given at its start. */
export interface Given {
  ariUrl: string
  user: string
  password: string
  /** Its Stasis application. */
  app: string
  /** The short prompt as ARI names it. */
  media: string
  /** A folder of its own. */
  folder: string
  /** Settings that reach the dispatch program. */
  dispatch: object
}

export const given = JSON.parse(process.env.BENCH_GIVEN ?? '{}') as Given

const mebibyte = 2 ** 20

/** Tells that calls may come, and answers until the bench has gone. */
export function answerTheBench(news: object = {}, { samples = () => [] as number[] } = {}): void {
  process.on('message', async (question) => {
    if (question === 'memory') process.send?.(await settledMemory())
    if (question === 'samples') process.send?.(samples())
    if (question === 'stop') process.exit(0)
  })
  process.on('disconnect', () => process.exit(0))
  process.send?.(news)
}

/** What is really held: garbage is collected first, and V8 is given a moment to hand pages back. */
async function settledMemory(): Promise<Memory> {
  for (let round = 0; round < 3; round += 1) {
    globalThis.gc?.()
    await pause(200)
  }
  const { heapUsed, rss } = process.memoryUsage()
  return { rssMiB: rss / mebibyte, heapMiB: heapUsed / mebibyte }
}
