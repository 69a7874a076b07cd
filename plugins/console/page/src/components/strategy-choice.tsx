import { type Signal, useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { may } from '../board.ts'
import { named, words } from '../words/words.ts'
import { type Queue, type Strategy, work } from '../work-api.ts'
import { Act, type Acts } from './acts.tsx'

/** Those that need no list of their own; the one in force may be another. */
const strategies = [
  'ring_all',
  'round_robin',
  'random',
  'longest_idle',
  'least_talk_today',
  'fewest_calls',
  'priority',
  'skills',
  'weighted',
  'last_operator',
]

export function StrategyChoice({ queue: { name, strategy, isChanged }, acts }: { queue: Queue; acts: Acts }) {
  const say = words().floor
  const inForce = JSON.stringify(strategy)
  const wanted = useSignal(strategy)
  useEffect(() => {
    wanted.value = JSON.parse(inForce)
  }, [wanted, inForce])
  if (!may('queues.edit')) return <p class="soft">{named(say.strategies, strategy.is)}</p>
  const there = strategies.includes(strategy.is) ? strategies : [strategy.is, ...strategies]

  return (
    <span class="with-choice">
      <select
        aria-label={`${say.strategy}: ${name}`}
        value={wanted.value.is}
        onChange={({ currentTarget: { value } }) => {
          wanted.value = value === strategy.is ? strategy : { is: value }
        }}
      >
        {there.map((each) => (
          <option key={each} value={each}>
            {named(say.strategies, each)}
          </option>
        ))}
      </select>
      <Details wanted={wanted} />
      {JSON.stringify(wanted.value) !== inForce && (
        <Act acts={acts} kind="primary" does={() => work.changeStrategy(name, wanted.value)}>
          {say.change}
        </Act>
      )}
      {isChanged && (
        <Act acts={acts} kind="quiet" does={() => work.undoStrategy(name)}>
          {say.undo}
        </Act>
      )}
    </span>
  )
}

/** What makes a difference within one strategy. */
function Details({ wanted }: { wanted: Signal<Strategy> }) {
  const say = words().floor
  const { is, perHour = false, by = 'deficit', within = 60, tryFor = 10 } = wanted.value
  const change = (about: Partial<Strategy>) => {
    wanted.value = { ...wanted.value, ...about }
  }
  switch (is) {
    case 'least_talk_today':
      return (
        <label class="soft">
          <input
            type="checkbox"
            checked={perHour}
            onChange={({ currentTarget: { checked } }) => change({ perHour: checked })}
          />{' '}
          {say.perHour}
        </label>
      )
    case 'weighted':
      return (
        <label class="soft">
          <input
            type="checkbox"
            checked={by === 'chance'}
            onChange={({ currentTarget: { checked } }) => change({ by: checked ? 'chance' : 'deficit' })}
          />{' '}
          {say.byChance}
        </label>
      )
    case 'last_operator':
      return (
        <>
          <NumberOf
            label={say.within}
            value={within}
            from={1}
            to={10_080}
            does={(to) => change({ within: to })}
          />
          <NumberOf
            label={say.tryFor}
            value={tryFor}
            from={0}
            to={3_600}
            does={(to) => change({ tryFor: to })}
          />
        </>
      )
    default:
      return null
  }
}

interface NumberProps {
  label: string
  value: number
  from: number
  to: number
  does(value: number): void
}

function NumberOf({ label, value, from, to, does }: NumberProps) {
  return (
    <label class="soft">
      {label}{' '}
      <input
        type="number"
        min={from}
        max={to}
        value={value}
        onChange={({ currentTarget }) => {
          if (currentTarget.validity.valid && currentTarget.value !== '') does(currentTarget.valueAsNumber)
          else currentTarget.valueAsNumber = value
        }}
      />
    </label>
  )
}
