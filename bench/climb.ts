/** How many calls per second each subject sustains: the rate climbs for all in turns until calls suffer. */
import type { AsteriskInstance } from '../test/asterisk/instance.ts'
import type { LoadResult } from '../test/support/sipp.ts'
import type { Subject as Name } from './numbers.ts'
import type { Plan } from './plan.ts'
import { ringAt, type Subject } from './subject.ts'

const growth = 1.25
/** Answers later than this, in milliseconds, are a collapse: half a second is SIP's first repeat. */
const latestAnswer = 500
/** Seconds a step may last beyond its plan: the last callers' own time, and a little. */
const overtime = 1.5

interface Climber {
  subject: Subject
  /** The highest rate sustained, and the lowest that was not. */
  good: number
  bad: number
}

export async function climb(
  subjects: readonly Subject[],
  asterisk: AsteriskInstance,
  plan: Plan['climb'],
  tell: (step: { name: Name; rate: number; isSustained: boolean }) => void,
): Promise<Map<Name, number>> {
  const climbers = subjects.map((subject): Climber => ({ subject, good: 0, bad: Number.POSITIVE_INFINITY }))
  const nextRate = ({ bad, good }: Climber) => {
    if (good === 0) return bad === Number.POSITIVE_INFINITY ? plan.from : Math.round(bad / growth)
    return Math.min(
      plan.to,
      Math.round(bad === Number.POSITIVE_INFINITY ? good * growth : Math.sqrt(good * bad)),
    )
  }
  const isDone = ({ bad, good }: Climber) =>
    good >= plan.to || (good > 0 ? bad / good <= plan.precision : bad < 5)

  for (let active = climbers; active.length > 0; active = climbers.filter((each) => !isDone(each))) {
    for (const climber of active) {
      const rate = nextRate(climber)
      const isSustained = await sustains(climber.subject, asterisk, rate, plan.seconds)
      if (isSustained) climber.good = rate
      else climber.bad = rate
      tell({ name: climber.subject.name, rate, isSustained })
    }
  }
  return new Map(climbers.map(({ good, subject }) => [subject.name, good]))
}

/** A rate counts when one of two attempts went well: other programs of the machine must not decide it. */
async function sustains(subject: Subject, asterisk: AsteriskInstance, rate: number, seconds: number) {
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const result = await ringAt(subject, asterisk, { rate, calls: rate * seconds, target: asterisk })
    if (isWell(result, rate * seconds, seconds)) return true
  }
  return false
}

function isWell({ answerMs, seconds, succeeded }: LoadResult, calls: number, planned: number): boolean {
  return succeeded === calls && answerMs.p99 <= latestAnswer && seconds <= planned + overtime
}
