import { named, words } from '../words/words.ts'
import type { Step, Strategy } from '../work-api.ts'
import { Steps } from './strategy-steps.tsx'

/** Those that look at the operators alone. */
export const simpleNames = [
  'ring_all',
  'round_robin',
  'random',
  'longest_idle',
  'least_talk_today',
  'fewest_calls',
  'priority',
  'skills',
  'weighted',
]
export const firstStep: Step = { after: 0, strategy: { is: 'longest_idle' } }
/** Seconds of a day. */
export const longest = 86_400

/** What makes a difference within one strategy. */
export function Details({ strategy, does }: { strategy: Strategy; does(to: Strategy): void }) {
  const say = words().floor
  const { is, perHour = false, by = 'deficit', within = 60, tryFor = 10, steps = [] } = strategy
  const change = (about: Partial<Strategy>) => does({ ...strategy, ...about })
  switch (is) {
    case 'least_talk_today':
      return <YesOrNo label={say.perHour} isOn={perHour} does={(isOn) => change({ perHour: isOn })} />
    case 'weighted':
      return (
        <YesOrNo
          label={say.byChance}
          isOn={by === 'chance'}
          does={(isOn) => change({ by: isOn ? 'chance' : 'deficit' })}
        />
      )
    case 'skills':
      return <Fall strategy={strategy} does={does} />
    case 'steps':
      return <Steps steps={steps} does={(to) => change({ steps: to })} />
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
            to={longest}
            does={(to) => change({ tryFor: to })}
          />
        </>
      )
    default:
      return null
  }
}

/** The longer he waits, the less skill is asked for. Nothing appears while one types: a click would miss its mark. */
function Fall({ strategy, does }: { strategy: Strategy; does(to: Strategy): void }) {
  const say = words().floor
  const { fall, ...rest } = strategy
  const { levels, every } = fall ?? { levels: 0, every: 30 }
  return (
    <>
      <NumberOf
        label={say.fall}
        value={levels}
        from={0}
        to={10}
        does={(to) => does(to === 0 ? rest : { ...rest, fall: { levels: to, every } })}
      />
      <NumberOf
        label={say.every}
        value={every}
        from={1}
        to={longest}
        does={(to) => does({ ...rest, fall: { levels: levels || 1, every: to } })}
      />
    </>
  )
}

interface NameProps {
  label: string
  names: readonly string[]
  chosen: string
  does(name: string): void
}

export function NameChoice({ label, names, chosen, does }: NameProps) {
  return (
    <select aria-label={label} value={chosen} onChange={({ currentTarget: { value } }) => does(value)}>
      {names.map((name) => (
        <option key={name} value={name}>
          {named(words().floor.strategies, name)}
        </option>
      ))}
    </select>
  )
}

export function YesOrNo({ label, isOn, does }: { label: string; isOn: boolean; does(isOn: boolean): void }) {
  return (
    <label class="soft">
      <input type="checkbox" checked={isOn} onChange={({ currentTarget: { checked } }) => does(checked)} />{' '}
      {label}
    </label>
  )
}

interface NumberProps {
  label: string
  value: number
  from: number
  to: number
  does(value: number): void
}

/** What is typed counts at once: a list that changes meanwhile would put the old number back. */
export function NumberOf({ label, value, from, to, does }: NumberProps) {
  return (
    <label class="soft">
      {label}{' '}
      <input
        type="number"
        min={from}
        max={to}
        value={value}
        onInput={({ currentTarget: { validity, value: typed, valueAsNumber } }) => {
          if (validity.valid && typed !== '') does(valueAsNumber)
        }}
        onBlur={({ currentTarget }) => {
          currentTarget.valueAsNumber = value
        }}
      />
    </label>
  )
}
