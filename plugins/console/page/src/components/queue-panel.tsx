import { useSignal } from '@preact/signals'
import { calls, may, waitLimit } from '../board.ts'
import { moment, timer } from '../format.ts'
import { now } from '../time.ts'
import { named, words } from '../words/words.ts'
import { operators, queues } from '../work.ts'
import { type Goal, type Operator, type Queue, type Waiting, work } from '../work-api.ts'
import { Act, type Acts, Failure, useActs } from './acts.tsx'
import { CallerButton, Kind } from './caller.tsx'
import { StrategyChoice } from './strategy-choice.tsx'

/** More would not be read, and be drawn every second. */
const shownAtMost = 50

export function QueuePanel({ queue }: { queue: Queue }) {
  const say = words()
  const acts = useActs()
  const heading = `queue-${queue.name}`
  const more = queue.waiting.length - shownAtMost
  return (
    <section class="sheet" aria-labelledby={heading}>
      <div class="panel-heading">
        <h2 id={heading}>
          {say.floor.queue(named(say.by, queue.name))} <span class="count">{queue.waiting.length}</span>
        </h2>
        <p class="soft">{say.floor.atWork(Math.round(queue.atWork * 10) / 10)}</p>
        <StrategyChoice queue={queue} acts={acts} />
      </div>
      <Failure acts={acts} />
      {queue.waiting.length === 0 ? (
        <p class="empty">{say.floor.nobodyWaits}</p>
      ) : (
        <table class="calls" aria-labelledby={heading}>
          <thead>
            <tr>
              <th scope="col">{say.floor.position}</th>
              <th scope="col">{say.columns.caller}</th>
              <th scope="col" class="number">
                {say.floor.waits}
              </th>
              <th scope="col" class="number when-wide">
                {say.floor.priority}
              </th>
              <th scope="col" class="number when-wide">
                {say.floor.promise}
              </th>
              <th scope="col" class="when-wide">
                {say.floor.ringsAt}
              </th>
              {may('talks.supervise') && <th scope="col">{say.floor.move}</th>}
            </tr>
          </thead>
          <tbody>
            {queue.waiting.slice(0, shownAtMost).map((each) => (
              <WaitingRow key={each.entry} waiting={each} queue={queue} acts={acts} />
            ))}
          </tbody>
        </table>
      )}
      {more > 0 && <p class="empty">{say.floor.more(more)}</p>}
    </section>
  )
}

function WaitingRow({ waiting, queue, acts }: { waiting: Waiting; queue: Queue; acts: Acts }) {
  const say = words()
  const call = calls.value.calls.get(waiting.call)
  const passed = now.value - waiting.arrivedAt
  const isLate = passed >= waitLimit.value * 1000
  const { promisedAt } = waiting
  const isBroken = promisedAt !== undefined && promisedAt < now.value
  const nameOf = (id: string) => operators.value.find((each) => each.id === id)?.name ?? id
  const { waitsFor, offeredTo } = waiting
  const rings =
    waitsFor === undefined || offeredTo.length > 0
      ? offeredTo.map(nameOf).join(', ')
      : say.floor.waitsFor(nameOf(waitsFor))
  return (
    <tr>
      <td>{waiting.position}</td>
      <td class="who">
        {call ? <CallerButton call={call} /> : '…'} {call && <Kind call={call} />}
      </td>
      <td class="number">
        <span class={isLate ? 'timer is-late' : 'timer'}>{timer(passed)}</span>
      </td>
      <td class="number when-wide">{Math.round(waiting.priority)}</td>
      <td class={isBroken ? 'number when-wide is-late' : 'number when-wide'}>
        {promisedAt === undefined ? '—' : moment(promisedAt, now.value)}
      </td>
      <td class="when-wide">{waiting.isAway ? say.floor.away : rings}</td>
      {may('talks.supervise') && (
        <td>
          {!waiting.isAway && (
            <MoveTo
              acts={acts}
              from={queue.name}
              whom={call?.from ?? waiting.call}
              toOperators
              does={(goal) => work.moveWaiting(waiting.call, goal)}
            />
          )}
        </td>
      )}
    </tr>
  )
}

interface MoveProps {
  acts: Acts
  /** The queue he is in already. */
  from?: string
  whom: string
}

/** He can be given to one operator as well. */
type AnywhereProps = MoveProps & { toOperators: true; does(goal: Goal): Promise<void> }
type ToQueueProps = MoveProps & { toOperators?: never; does(goal: { to: string }): Promise<void> }

export function MoveTo({ acts, from, whom, ...how }: AnywhereProps | ToQueueProps) {
  const say = words()
  const names = queues.value.flatMap(({ name }) => (name === from ? [] : [name]))
  const people = how.toOperators ? operators.value.filter(comesFree) : []
  const wanted = useSignal('')
  const goals = [...names.map((name) => `queue ${name}`), ...people.map(({ id }) => `operator ${id}`)]
  const goal = goals.includes(wanted.value) ? wanted.value : goals[0]
  if (goal === undefined) return null
  const name = goal.slice(goal.indexOf(' ') + 1)
  const does = () =>
    how.toOperators && goal.startsWith('operator ') ? how.does({ operator: name }) : how.does({ to: name })
  return (
    <span class="with-choice">
      <select
        aria-label={`${say.floor.move}: ${whom}`}
        value={goal}
        onChange={({ currentTarget: { value } }) => {
          wanted.value = value
        }}
      >
        {names.map((name) => (
          <option key={name} value={`queue ${name}`}>
            {named(say.by, name)}
          </option>
        ))}
        {people.length > 0 && (
          <optgroup label={say.floor.operators}>
            {people.map(({ id, name, state }) => (
              <option key={id} value={`operator ${id}`}>
                {name} · {say.operators.states[state]}
              </option>
            ))}
          </optgroup>
        )}
      </select>
      <Act acts={acts} label={`${say.floor.doMove}: ${whom}`} does={does}>
        {say.floor.doMove}
      </Act>
    </span>
  )
}

function comesFree({ state, next }: Operator): boolean {
  return state !== 'signed_out' && state !== 'not_ready' && next === undefined
}
