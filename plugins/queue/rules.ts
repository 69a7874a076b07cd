/** Settings as the engine wants them. */
import type { OperatorProfile, QueueRules } from './engine-words.ts'
import type { QueueSettings, Settings, StrategySettings } from './settings.ts'
import type { SimpleStrategy, Strategy } from './strategies.ts'

const alwaysHerePause = 5_000
/** The exchange ends an offer by itself; only one that does not is ended by us, so much later. */
const grace = 1_500

export function profilesOf({ operators }: Settings, secondLine: boolean): OperatorProfile[] {
  return operators.map(({ id, skills }) => ({ id, skills, secondLine }))
}

export function rulesOf(queue: QueueSettings, settings: Settings, strategy?: StrategySettings): QueueRules {
  const { operators, unanswered, idleFrom } = settings
  const members =
    queue.operators.length > 0 ? queue.operators : operators.map(({ id }) => ({ id, rank: 1, weight: 1 }))
  const isUnattended = operators.some(({ isAlwaysHere }) => isAlwaysHere)
  const missesPause = unanswered.pause > 0 ? unanswered.pause * 1_000 : isUnattended && alwaysHerePause
  return {
    name: queue.name,
    strategy: toStrategy(strategy ?? queue.strategy),
    members: members.map(({ id, rank, weight }) => ({ operator: id, rank, weight })),
    needs: queue.needs,
    ringFor: queue.ringFor * 1_000 + grace,
    wrapUp: queue.wrapUp * 1_000,
    targetWait: queue.targetWait * 1_000,
    aging: queue.aging,
    maximumWait: queue.maximumWait * 1_000,
    maximumLength: queue.maximumLength,
    ...(queue.overflow && { overflowAfter: queue.overflow.after * 1_000 }),
    needsSomebody: queue.whenNobody !== undefined,
    announceAt: queue.announcements.map(({ after }) => after * 1_000),
    announceEvery: queue.repeatEvery * 1_000,
    missesAtMost: unanswered.atMost,
    ...(missesPause && { missesPause }),
    idleFrom,
    expectedHandleTime: queue.expectedTalk * 1_000,
  }
}

export function toStrategy(settings: StrategySettings): Strategy {
  switch (settings.is) {
    case 'steps':
      return toSteps(settings.steps)
    case 'last_operator': {
      const { within, tryFor, inner = { is: 'longest_idle' } } = settings
      return {
        is: 'last_operator',
        ...(within !== undefined && { within }),
        ...(tryFor !== undefined && { tryFor }),
        inner: inner.is === 'steps' ? toSteps(inner.steps) : toSimple({ ...inner, is: inner.is }),
      }
    }
    default:
      return toSimple({ ...settings, is: settings.is })
  }
}

type Steps = Extract<Strategy, { is: 'steps' }>
type SimpleSettings = Omit<StrategySettings, 'is' | 'steps' | 'inner'> & { is: SimpleStrategy['is'] }

function toSteps(steps: StrategySettings['steps'] = []): Steps {
  return {
    is: 'steps',
    steps: steps.map(({ after, who, strategy, keepRinging = false }) => ({
      after,
      strategy: toSimple(strategy),
      keepRinging,
      ...(who && { who }),
    })),
  }
}

function toSimple({ is, perHour, by, fall }: SimpleSettings): SimpleStrategy {
  switch (is) {
    case 'least_talk_today':
      return { is, perHour: perHour ?? false }
    case 'weighted':
      return { is, by: by ?? 'deficit' }
    case 'skills':
      return { is, ...(fall && { fall }) }
    default:
      return { is }
  }
}
