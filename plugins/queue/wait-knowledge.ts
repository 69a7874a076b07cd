/** What a queue has learned about itself: how long talks take, how patient callers are, how good its promises. */

export interface KnowledgeKept {
  handleTime: number
  calibration: number
  /** The last waits: seconds, and whether it ended in giving up. */
  waits: (readonly [seconds: number, gaveUp: boolean])[]
}

export interface WaitKnowledge {
  /** Seconds, smoothed. */
  readonly handleTime: number
  /** Seconds: the mean for which callers are ready to wait. */
  readonly patience: number
  /** What the announced quantile is multiplied with. */
  readonly calibration: number
  talked(seconds: number): void
  /** Somebody's wait ended: with an answer, or given up. */
  waited(seconds: number, gaveUp: boolean): void
  /** An answered caller had been told a time. */
  promised(wasKept: boolean): void
  keep(): KnowledgeKept
}

/** How much a talk counts: much while the queue is new or talks have changed, little when it only varies. */
const quick = 0.03
const steady = 0.004
/** Quick and steady averages that differ by more than this share speak of different talks. */
const changedBy = 0.25
const shortestTalk = 10
const remembered = 500
const firstPatience = 90
/** So many who gave up at the first patience are believed before anything was seen. */
const believed = 5
const calibrationStep = 0.02
const missesWanted = 0.2

export function openWaitKnowledge(
  expectedHandleTime: number,
  kept: Partial<KnowledgeKept> = {},
): WaitKnowledge {
  let handleTime = kept.handleTime ?? expectedHandleTime
  let lately = handleTime
  let calibration = kept.calibration ?? 1
  const waits: (readonly [number, boolean])[] = []
  /** The ring of waits goes round here. */
  let next = 0
  let gaveUp = 0
  let together = 0
  for (const [seconds, isGivenUp] of kept.waits ?? []) waited(seconds, isGivenUp)

  function count(wait: readonly [number, boolean] | undefined, sign: 1 | -1) {
    if (!wait) return
    together += sign * wait[0]
    if (wait[1]) gaveUp += sign
  }

  function waited(seconds: number, isGivenUp: boolean) {
    count(waits[next], -1)
    waits[next] = [seconds, isGivenUp]
    count(waits[next], 1)
    next = (next + 1) % remembered
  }

  return {
    get handleTime() {
      return Math.max(shortestTalk, handleTime)
    },
    get patience() {
      return (together + believed * firstPatience) / (gaveUp + believed)
    },
    get calibration() {
      return calibration
    },
    talked(seconds) {
      lately += quick * (seconds - lately)
      const isChanged = Math.abs(lately - handleTime) > changedBy * handleTime
      handleTime += (isChanged ? quick : steady) * (seconds - handleTime)
    },
    waited,
    promised(wasKept) {
      const miss = wasKept ? 0 : 1
      calibration = Math.min(
        2,
        Math.max(0.5, calibration * Math.exp(calibrationStep * (miss - missesWanted))),
      )
    },
    keep: () => ({
      handleTime,
      calibration,
      waits: [...waits.slice(next), ...waits.slice(0, next)],
    }),
  }
}
