/**
 * `node bench/queue-simulation.ts [days]`: how honest the announced wait is, and what each strategy does to callers,
 * over simulated days of the very engine that serves real ones.
 */
import type { Strategy } from '../plugins/queue/strategies.ts'
import { type Outcome, simulate, type Wait, type World } from './queue-world.ts'

/** The world behind the targets of the house. */
export const reference: Omit<World, 'operators' | 'days'> = {
  load: 1,
  service: { mean: 50, variation: 0.8 },
  patience: 90,
  wave: { by: 0.35, shape: 'sine' },
  seed: 20_260,
}

/** The same with a busy half of the day and a quiet one; nobody says which wave the best known figures are of. */
export const halves: typeof reference = { ...reference, wave: { by: 0.35, shape: 'halves' } }

/** At or better than these: relative RMSE, seconds of bias, share of promises kept; and the best that is known. */
export const targets = [
  { operators: 4, rmse: 0.55, best: 0.47, bias: 3, kept: [0.78, 0.88] },
  { operators: 10, rmse: 0.4, best: 0.35, bias: 3, kept: [0.78, 0.88] },
  { operators: 25, rmse: 0.3, best: 0.24, bias: 3, kept: [0.78, 0.88] },
] as const

export interface Accuracy {
  rmse: number
  bias: number
  kept: number
}

/** Over those who waited; for those who gave up, the wait they would have had. */
export function accuracyOf(waits: readonly Wait[], estimateOf: (wait: Wait) => number): Accuracy {
  const waited = waits.filter(({ real }) => real > 0)
  const mean = (measure: (wait: Wait) => number) =>
    waited.reduce((sum, wait) => sum + measure(wait), 0) / waited.length
  return {
    rmse: Math.sqrt(mean((wait) => (estimateOf(wait) - wait.real) ** 2)) / mean(({ real }) => real),
    bias: mean((wait) => estimateOf(wait) - wait.real),
    kept: mean((wait) => (wait.real <= estimateOf(wait) ? 1 : 0)),
  }
}

export function serviceLevel({ answered, abandoned, short, inTime }: Outcome): number {
  return inTime / (answered + abandoned - short)
}

export function abandonRate({ offered, abandoned, short }: Outcome): number {
  return (abandoned - short) / (offered - short)
}

const estimators: Record<string, (wait: Wait) => number> = {
  'head of line': ({ rivals }) => rivals.headOfLine,
  'last to enter service': ({ rivals }) => rivals.lastServed,
  '(n+1)·AHT/s': ({ rivals }) => rivals.naive,
  'ours, mean': ({ mean }) => mean,
  'ours, promise': ({ promise }) => promise,
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`

function printEstimates(world: typeof reference, days: number) {
  const wave = world.wave.shape === 'sine' ? 'a smooth wave' : 'a busy half and a quiet one'
  console.log(
    `Expected wait over ${days} simulated days of ${wave}: relative RMSE / bias / kept when said as a promise\n`,
  )
  for (const { operators, rmse, best, bias, kept } of targets) {
    const { waits, calibration, offered } = simulate({ ...world, operators, days })
    console.log(
      `${operators} operators, ${offered} calls, ${waits.length} waits, calibration ${calibration.toFixed(2)}`,
    )
    for (const [name, estimateOf] of Object.entries(estimators)) {
      const found = accuracyOf(waits, estimateOf)
      console.log(
        `  ${name.padEnd(22)} ${found.rmse.toFixed(2)} / ${found.bias.toFixed(1)} s / ${percent(found.kept)}`,
      )
    }
    const mean = accuracyOf(waits, ({ mean }) => mean)
    const promise = accuracyOf(waits, ({ promise }) => promise)
    const [from, to] = kept
    const isMet =
      mean.rmse <= rmse + 0.005 && Math.abs(mean.bias) <= bias && promise.kept >= from && promise.kept <= to
    console.log(
      `  ${isMet ? 'met' : 'MISSED'}: mean ≤ ${rmse} (best known ${best}) with |bias| ≤ ${bias} s, promises kept ${percent(from)}–${percent(to)}\n`,
    )
    if (!isMet) process.exitCode = 1
  }
}

const ways: Strategy[] = [
  { is: 'ring_all' },
  { is: 'round_robin' },
  { is: 'random' },
  { is: 'longest_idle' },
  { is: 'least_talk_today' },
  { is: 'fewest_calls' },
  { is: 'priority' },
  {
    is: 'steps',
    steps: [
      { after: 0, strategy: { is: 'round_robin' } },
      { after: 10, strategy: { is: 'ring_all' }, keepRinging: true },
    ],
  },
  { is: 'skills' },
  { is: 'last_operator', inner: { is: 'longest_idle' } },
  { is: 'weighted' },
]

function printStrategies(days: number) {
  console.log(`Ten operators who answer after 4 s on average, load 0.8, ${days} days`)
  console.log(`  ${'strategy'.padEnd(18)} within 20 s   abandoned   busiest / idlest operator`)
  for (const strategy of ways) {
    const outcome = simulate({ ...reference, operators: 10, days, load: 0.8, answersAfter: 4, strategy })
    const calls = [...outcome.calls.values()]
    const spread = Math.max(...calls) / Math.min(...calls)
    console.log(
      `  ${strategy.is.padEnd(18)} ${percent(serviceLevel(outcome)).padEnd(13)} ${percent(abandonRate(outcome)).padEnd(11)} ${spread.toFixed(2)}`,
    )
  }
}

if (import.meta.main) {
  const days = Number(process.argv[2] ?? 60)
  printEstimates(reference, days)
  printEstimates(halves, days)
  printStrategies(Math.max(1, Math.round(days / 20)))
}
