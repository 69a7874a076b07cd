import { climb } from './climb.ts'
import { measureMemory } from './memory.ts'
import { type Subject as Name, subjects as subjectNames } from './numbers.ts'
import type { Plan } from './plan.ts'
import type { Figures, Report } from './report.ts'
import { spreadOf } from './spread.ts'
import { openStage } from './stage.ts'
import { measureSteady, type Steady } from './steady.ts'

export interface BenchOptions {
  /** Hears how far it is. */
  tell?: (line: string) => void
  profile?: string | undefined
}

/** Some of the subjects at the steady rate only: a minute to see what a change is worth. */
export async function runSteady(
  plan: Plan,
  names: readonly Name[],
  { profile, tell = () => {} }: BenchOptions = {},
): Promise<Map<Name, Steady>> {
  await using stage = await openStage(plan, { names, profile, tell })
  tell(`At ${plan.steady.rate} calls/s: ${plan.steady.rounds} rounds of ${plan.steady.calls} calls each`)
  return await measureSteady(stage.subjects, stage.asterisk, plan.steady)
}

export async function runBench(plan: Plan, { profile, tell = () => {} }: BenchOptions = {}): Promise<Report> {
  await using stage = await openStage(plan, { names: subjectNames, profile, tell })
  const { asterisk, subjects } = stage
  const callbus = subjects.find(({ name }) => name === 'callbus')
  if (!callbus) throw new Error('callbus is not on the stage')

  tell(`At ${plan.steady.rate} calls/s: ${plan.steady.rounds} rounds of ${plan.steady.calls} calls each`)
  const steady = await measureSteady(subjects, asterisk, plan.steady)

  tell('Climbing')
  const rates = await climb(subjects, asterisk, plan.climb, ({ isSustained, name, rate }) =>
    tell(`  ${name} ${isSustained ? 'sustains' : 'does not sustain'} ${rate} calls/s`),
  )

  tell(`Memory: ${plan.parallel.calls} calls at once, then ${plan.growth.calls} calls`)
  const memory = await measureMemory(callbus, asterisk, plan)

  function figuresOf(name: Name): Figures {
    const found = steady.get(name)
    if (!found) throw new Error(`${name} was not measured`)
    const { asteriskCpuMsPerCall, cpuMsPerCall, failed, ringToAnswerMs } = found
    return {
      callsPerSecond: rates.get(name) ?? 0,
      ringToAnswerMs,
      cpuMsPerCall,
      asteriskCpuMsPerCall,
      failedCalls: failed,
    }
  }
  const own = figuresOf('callbus')
  return {
    dialplan: figuresOf('dialplan'),
    ariClient: figuresOf('ariClient'),
    bareAri: figuresOf('bareAri'),
    callbus: {
      ...own,
      failedCalls: own.failedCalls + memory.failed,
      ringToDecisionMs: spreadOf(steady.get('callbus')?.decisionTimes ?? []),
      memoryMiB: memory.memoryMiB,
      growthMiB: memory.growthMiB,
      heapGrowthMiB: memory.heapGrowthMiB,
    },
  }
}
