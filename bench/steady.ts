/** Calls at a steady rate, the subjects in turns, so that what else the machine does meets all of them alike. */
import type { AsteriskInstance } from '../test/asterisk/instance.ts'
import { cpuMsOf } from './cpu.ts'
import type { Subject as Name } from './numbers.ts'
import type { Plan } from './plan.ts'
import { type Spread, spreadOf } from './spread.ts'
import { openStopwatch } from './stopwatch.ts'
import { ringAt, type Subject } from './subject.ts'

export interface Steady {
  ringToAnswerMs: Spread
  /** Of the Node program; of Asterisk where there is none. */
  cpuMsPerCall: number
  asteriskCpuMsPerCall: number
  failed: number
  decisionTimes: number[]
}

interface Sums {
  times: number[]
  cpuMs: number
  asteriskCpuMs: number
  calls: number
  failed: number
  decisionTimes: number[]
}

export async function measureSteady(
  subjects: readonly Subject[],
  asterisk: AsteriskInstance,
  { calls, rate, rounds }: Plan['steady'],
): Promise<Map<Name, Steady>> {
  await using stopwatch = await openStopwatch(asterisk)
  const sums = new Map<Subject, Sums>(
    subjects.map((subject) => [
      subject,
      { times: [], cpuMs: 0, asteriskCpuMs: 0, calls: 0, failed: 0, decisionTimes: [] },
    ]),
  )

  for (let round = 0; round < rounds; round += 1) {
    for (const [subject, sum] of sums) {
      // Connections that went idle during the others' turns are opened again before anything counts.
      await ringAt(subject, asterisk, { rate, calls: rate, target: asterisk })
      await subject.program?.samples()
      const pid = subject.program?.pid
      const before = { own: pid === undefined ? 0 : cpuMsOf(pid), asterisk: cpuMsOf(asterisk.pid) }
      const result = await ringAt(subject, asterisk, { rate, calls, target: stopwatch })
      if (pid !== undefined) sum.cpuMs += cpuMsOf(pid) - before.own
      sum.asteriskCpuMs += cpuMsOf(asterisk.pid) - before.asterisk
      sum.calls += result.succeeded
      sum.failed += result.calls - result.succeeded
      sum.times.push(...stopwatch.take())
      sum.decisionTimes.push(...((await subject.program?.samples()) ?? []))
    }
  }

  const figures = new Map<Name, Steady>()
  for (const [{ name, program }, sum] of sums) {
    figures.set(name, {
      ringToAnswerMs: spreadOf(sum.times),
      cpuMsPerCall: (program ? sum.cpuMs : sum.asteriskCpuMs) / sum.calls,
      asteriskCpuMsPerCall: sum.asteriskCpuMs / sum.calls,
      failed: sum.failed,
      decisionTimes: sum.decisionTimes,
    })
  }
  return figures
}
