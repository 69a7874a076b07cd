import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { climb } from './climb.ts'
import { apps, openExchange, writePrompts } from './exchange.ts'
import { measureMemory } from './memory.ts'
import type { Subject as Name } from './numbers.ts'
import type { Plan } from './plan.ts'
import { startProgram } from './program.ts'
import type { Figures, Report } from './report.ts'
import { spreadOf } from './spread.ts'
import { measureSteady } from './steady.ts'
import { ringAt, type Subject } from './subject.ts'

export interface BenchOptions {
  /** Hears how far it is. */
  tell?: (line: string) => void
  profile?: string | undefined
}

export async function runBench(plan: Plan, { profile, tell = () => {} }: BenchOptions = {}): Promise<Report> {
  await using house = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'callbus-bench-'))
  house.defer(() => rm(folder, { recursive: true, force: true }))
  writePrompts(folder, plan.parallel.promptSeconds)
  await mkdir(join(folder, 'data'))

  const asterisk = house.use(await openExchange(plan.parallel.calls + 200))
  tell(`Asterisk ${asterisk.version}`)
  const { ariUrl, password, user } = asterisk
  const start = async (name: string, app: string, dispatch: object = {}) =>
    house.use(
      await startProgram({
        name,
        profile,
        given: { ariUrl, user, password, app, media: 'sound:bench', folder, dispatch },
      }),
    )
  const dispatch = house.use(await startProgram({ name: 'taxi-master', given: { folder } }))
  const callbus: Subject = { name: 'callbus', program: await start('callbus', apps.callbus, dispatch.news) }
  const subjects: Subject[] = [
    { name: 'dialplan', program: undefined },
    { name: 'ariClient', program: await start('ari-client', apps.ariClient) },
    { name: 'bareAri', program: await start('bare-ari', apps.bareAri) },
    callbus,
  ]

  tell(`Warming up: ${plan.warmUp.calls} calls each`)
  for (const subject of subjects) await ringAt(subject, asterisk, { ...plan.warmUp, target: asterisk })

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
