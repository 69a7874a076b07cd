/** What Callbus holds with many calls at once, and what stays after very many calls. */
import type { AsteriskInstance } from '../test/asterisk/instance.ts'
import { until } from '../test/support/until.ts'
import { channelsOf } from './exchange.ts'
import { longNumber } from './numbers.ts'
import type { Plan } from './plan.ts'
import { ringAt, type Subject } from './subject.ts'

export interface MemoryFigures {
  /** With all parallel calls present. */
  memoryMiB: number
  growthMiB: number
  heapGrowthMiB: number
  failed: number
}

export async function measureMemory(
  subject: Subject,
  asterisk: AsteriskInstance,
  { growth, parallel }: Pick<Plan, 'growth' | 'parallel'>,
): Promise<MemoryFigures> {
  const { program } = subject
  if (!program) throw new Error('The plain dialplan has no program to look into')
  const together = ringAt(subject, asterisk, { ...parallel, to: longNumber, target: asterisk })
  await until(async () => (await channelsOf(asterisk)) >= parallel.calls, {
    what: `${parallel.calls} calls at once`,
    within: 60_000,
    every: 200,
  })
  const full = await program.memory()
  const parallelResult = await together

  const { calls, rate, settling } = growth
  await ringAt(subject, asterisk, { ...settling, target: asterisk })
  const before = await program.memory()
  const growthResult = await ringAt(subject, asterisk, { rate, calls, target: asterisk })
  const after = await program.memory()
  return {
    memoryMiB: full.rssMiB,
    growthMiB: after.rssMiB - before.rssMiB,
    heapGrowthMiB: after.heapMiB - before.heapMiB,
    failed: parallelResult.failed + growthResult.failed,
  }
}
