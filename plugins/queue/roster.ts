/** Who is signed in at which phone, told to the house and kept for figures and for a restart. */
import type { CallBus } from '#core/call-bus/call-bus.ts'
import type { Clock } from '#core/clock.ts'
import { CallbusError } from '#core/errors.ts'
import type { Decision, OperatorKept } from './engine-words.ts'
import type { OperatorState } from './operator-state.ts'
import type { Left, QueueJournal } from './queue-journal.ts'
import type { Settings } from './settings.ts'

type Shown = Omit<Extract<Decision, { do: 'show' }>, 'do'>

export interface Roster {
  extensionOf(operator: string): string | undefined
  /** Who is signed in at this phone. */
  operatorAt(extension: string): string | undefined
  /** Who is signed in at any of these phones. */
  at(extensions: readonly string[]): string[]
  /** The phone follows the person; `CONFLICT` when somebody else is signed in there. */
  seat(operator: string, extension: string | undefined): void
  /** Everybody who works here, with the phone of this moment. */
  list(): { id: string; name: string; extension?: string; state: OperatorState }[]
  show(shown: Shown): void
}

/** As an operator was when we stopped, or as he begins. */
export function keptOperators(settings: Settings, left: Left, now: number): Map<string, OperatorKept> {
  return new Map(
    settings.operators.map(({ id, isAlwaysHere }) => {
      const row = left.operators.get(id)
      const talked = left.talked.get(id)
      const state = row ? (JSON.parse(row.state) as OperatorState) : undefined
      return [
        id,
        {
          state: toPresent(state, isAlwaysHere, now),
          talkedToday: talked?.milliseconds ?? 0,
          callsToday: talked?.calls ?? 0,
        },
      ]
    }),
  )
}

/** Offers end with us; talks, pauses and shifts do not. */
function toPresent(state: OperatorState | undefined, isAlwaysHere: boolean, now: number): OperatorState {
  if (!state || state.is === 'signed_out') return { is: isAlwaysHere ? 'ready' : 'signed_out', since: now }
  if (state.is === 'ringing') return { ...state.next, since: now }
  if (state.is !== 'talking' || state.second?.is !== 'ringing') return state
  const { second: _, ...talking } = state
  return talking
}

export function openRoster(parts: {
  settings: Settings
  left: Left
  bus: CallBus
  clock: Clock
  journal: QueueJournal
  stateOf(operator: string): OperatorState | undefined
}): Roster {
  const { settings, left, bus, clock, journal, stateOf } = parts
  const extensions = new Map<string, string>()
  for (const { id, extension } of settings.operators) {
    const seat = left.operators.get(id)?.extension ?? extension
    if (seat !== undefined) extensions.set(id, seat)
  }

  /** What an operator wraps up. */
  const lastCall = new Map<string, string>()

  function callOf(operator: string, was: OperatorState): string | null {
    if (was.is === 'talking') lastCall.set(operator, was.call)
    return was.is === 'talking' || was.is === 'wrap_up' ? (lastCall.get(operator) ?? null) : null
  }

  const isOut = (id: string) => (stateOf(id)?.is ?? 'signed_out') === 'signed_out'

  function operatorAt(extension: string): string | undefined {
    for (const [id, seat] of extensions) if (seat === extension && !isOut(id)) return id
    return undefined
  }

  return {
    extensionOf: (id) => extensions.get(id),
    operatorAt,
    at: (phones) => phones.map(operatorAt).filter((id) => id !== undefined),

    seat(id, extension) {
      const seat = extension ?? extensions.get(id)
      if (seat === undefined)
        throw new CallbusError('REQUEST_INVALID', { mistakes: `${id} has no phone: name an extension` })
      const sitting = operatorAt(seat)
      if (sitting !== undefined && sitting !== id)
        throw new CallbusError('CONFLICT', { what: `A sign-in of ${sitting} at phone ${seat}` })
      extensions.set(id, seat)
    },

    list: () =>
      settings.operators.map(({ id, name = id }) => {
        const extension = extensions.get(id)
        return {
          id,
          name,
          state: stateOf(id) ?? { is: 'signed_out', since: 0 },
          ...(extension !== undefined && { extension }),
        }
      }),

    show({ operator, state, was, queue }) {
      const extension = extensions.get(operator)
      journal.operator({ id: operator, extension: extension ?? null, state: JSON.stringify(state) })
      if (was.is === state.is && was.since === state.since) return
      if (was.is !== 'signed_out')
        journal.did({
          operator,
          state: was.is,
          reason: was.is === 'not_ready' ? was.reason : null,
          queue: queue ?? null,
          call: callOf(operator, was),
          started_at: was.since,
          ended_at: clock.now(),
        })
      const user = settings.operators.find(({ id }) => id === operator)?.user
      bus.publish('operator.changed', {
        operator,
        ...(user !== undefined && { user }),
        state: state.is,
        ...(state.is === 'not_ready' && { reason: state.reason }),
        ...(state.is === 'talking' && { call: state.call }),
        ...(extension !== undefined && { extension }),
      })
    },
  }
}
