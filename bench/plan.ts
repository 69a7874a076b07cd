/** How much is measured: the whole bench, or a quick look whose figures only show that everything works. */
export interface Plan {
  /** Calls that nobody measures, so that programs are compiled and connections open. */
  warmUp: { rate: number; calls: number }
  /** Rounds of calls at a steady rate, the subjects in turns, for answer times and CPU. */
  steady: { rate: number; calls: number; rounds: number }
  /** Steps of calls per second, each for so many seconds, from the lowest rate to the highest at most. */
  climb: { from: number; to: number; seconds: number; precision: number }
  parallel: { calls: number; rate: number; promptSeconds: number }
  /** Settling calls come before the first look, faster than those after it: the heap takes its room at once. */
  growth: { settling: { calls: number; rate: number }; calls: number; rate: number }
}

export const wholeBench: Plan = {
  warmUp: { rate: 60, calls: 600 },
  steady: { rate: 100, calls: 500, rounds: 4 },
  climb: { from: 100, to: 1000, seconds: 4, precision: 1.06 },
  parallel: { calls: 500, rate: 60, promptSeconds: 20 },
  growth: { settling: { calls: 16_000, rate: 220 }, calls: 20_000, rate: 110 },
}

export const quickLook: Plan = {
  warmUp: { rate: 20, calls: 40 },
  steady: { rate: 20, calls: 40, rounds: 2 },
  climb: { from: 20, to: 25, seconds: 2, precision: 2 },
  parallel: { calls: 40, rate: 20, promptSeconds: 6 },
  growth: { settling: { calls: 60, rate: 30 }, calls: 300, rate: 30 },
}
