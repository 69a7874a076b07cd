/** How long a caller will wait, honestly. Seconds everywhere. */

export interface WaitQuestion {
  /** Waiting callers who are served before; a fraction for those who may still overtake. */
  ahead: number
  /** Operators at work here, one who serves several queues counting in part. */
  operators: number
  /** What one talk takes, with all that belongs to it. */
  handleTime: number
  /** The mean time for which callers are ready to wait. */
  patience: number
}

export interface Estimate {
  mean: number
  variance: number
}

/** `z` of the 80 % quantile: four in five wait no longer. */
const eightyPercent = 0.8416

/** A queue moves on because talks end and because people ahead give up. Nobody at work: there is no estimate. */
export function expectedWait({ ahead, operators, handleTime, patience }: WaitQuestion): Estimate | undefined {
  if (operators <= 0) return undefined
  const serving = operators / handleTime
  const leaving = 1 / patience
  let mean = 0
  let variance = 0
  for (let place = 0; place <= ahead; place += 1) {
    const rate = serving + place * leaving
    mean += 1 / rate
    variance += 1 / rate ** 2
  }
  const rest = ahead - Math.floor(ahead)
  if (rest > 0) {
    const rate = serving + Math.ceil(ahead) * leaving
    mean += rest / rate
    variance += rest / rate ** 2
  }
  return { mean, variance }
}

/** Callers of higher classes still to come, at so many a second, are served before him as well. */
export function withOvertakers(question: WaitQuestion, overtakers: number): Estimate | undefined {
  let estimate = expectedWait(question)
  if (overtakers <= 0) return estimate
  for (let iteration = 0; iteration < 2 && estimate; iteration += 1)
    estimate = expectedWait({ ...question, ahead: question.ahead + overtakers * estimate.mean })
  return estimate
}

/** Wilson and Hilferty's quantile of the gamma distribution with these two moments. */
export function quantile({ mean, variance }: Estimate, z = eightyPercent): number {
  const shape = mean ** 2 / variance
  return mean * (1 - 1 / (9 * shape) + z / (3 * Math.sqrt(shape))) ** 3
}

/** What can be said: seconds, or that it is longer than the longest of them. */
export type SpokenWait = 30 | 60 | 120 | 180 | 300 | 600 | 900 | 'longer'

const spoken = [30, 60, 120, 180, 300, 600, 900] as const

/** Rounded up: people take it as a promise. */
export function toSpoken(seconds: number): SpokenWait {
  return spoken.find((each) => seconds <= each) ?? 'longer'
}

function roundedUp(seconds: number): number {
  const wait = toSpoken(seconds)
  return wait === 'longer' ? Number.POSITIVE_INFINITY : wait
}

/**
 * What is said now; `left` is what remains of the time said before, which never grows for the same caller. Where
 * reality is worse no number is said.
 */
export function sayable(
  seconds: number | undefined,
  left = Number.POSITIVE_INFINITY,
): SpokenWait | undefined {
  if (seconds === undefined) return undefined
  const wait = toSpoken(seconds)
  if (left === Number.POSITIVE_INFINITY) return wait
  if (wait === 'longer' || left <= 0) return undefined
  return wait <= roundedUp(left) ? wait : undefined
}
