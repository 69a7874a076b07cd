import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { may } from '../board.ts'
import { named, words } from '../words/words.ts'
import { type Queue, type Strategy, work } from '../work-api.ts'
import { Act, type Acts } from './acts.tsx'
import { Details, firstStep, NameChoice, simpleNames } from './strategy-details.tsx'

const names = [...simpleNames, 'steps', 'last_operator']

export function StrategyChoice({ queue: { name, strategy, isChanged }, acts }: { queue: Queue; acts: Acts }) {
  const say = words().floor
  const inForce = JSON.stringify(strategy)
  const wanted = useSignal(strategy)
  useEffect(() => {
    wanted.value = JSON.parse(inForce)
  }, [wanted, inForce])
  if (!may('queues.edit')) return <p class="soft">{named(say.strategies, strategy.is)}</p>
  const change = (to: Strategy) => {
    wanted.value = to
  }

  return (
    <div class="with-choice">
      <NameChoice
        label={`${say.strategy}: ${name}`}
        names={names}
        chosen={wanted.value.is}
        does={(is) => change(is === strategy.is ? strategy : freshly(is))}
      />
      <Details strategy={wanted.value} does={change} />
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
    </div>
  )
}

function freshly(is: string): Strategy {
  return is === 'steps' ? { is, steps: [firstStep] } : { is }
}
