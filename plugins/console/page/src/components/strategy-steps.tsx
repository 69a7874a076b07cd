import { words } from '../words/words.ts'
import { operators } from '../work.ts'
import type { Step } from '../work-api.ts'
import {
  Details,
  firstStep,
  longest,
  NameChoice,
  NumberOf,
  simpleNames,
  YesOrNo,
} from './strategy-details.tsx'

const stepsAtMost = 20

/** Who is asked after how many seconds, and in which way. */
export function Steps({ steps, does }: { steps: readonly Step[]; does(to: readonly Step[]): void }) {
  const say = words().floor
  const added = { ...firstStep, after: Math.min((steps.at(-1)?.after ?? 0) + 30, longest) }
  return (
    <div class="steps">
      {steps.map((step, index) => (
        <OneStep
          key={index}
          number={index + 1}
          step={step}
          does={(to) => does(steps.with(index, to))}
          remove={steps.length > 1 ? () => does(steps.toSpliced(index, 1)) : undefined}
        />
      ))}
      {steps.length < stepsAtMost && (
        <button type="button" class="quiet" onClick={() => does([...steps, added])}>
          {say.addStep}
        </button>
      )}
    </div>
  )
}

interface StepProps {
  number: number
  step: Step
  does(to: Step): void
  remove: (() => void) | undefined
}

function OneStep({ number, step, does, remove }: StepProps) {
  const say = words().floor
  const { after, strategy, keepRinging = false } = step
  return (
    <fieldset>
      <legend>{say.step(number)}</legend>
      <NumberOf
        label={say.after}
        value={after}
        from={0}
        to={longest}
        does={(to) => does({ ...step, after: to })}
      />
      <NameChoice
        label={`${say.step(number)}: ${say.strategy}`}
        names={simpleNames}
        chosen={strategy.is}
        does={(is) => does({ ...step, strategy: { is } })}
      />
      <Details strategy={strategy} does={(to) => does({ ...step, strategy: to })} />
      <Who step={step} does={does} />
      {number > 1 && (
        <YesOrNo
          label={say.keepRinging}
          isOn={keepRinging}
          does={(isOn) => does({ ...step, keepRinging: isOn })}
        />
      )}
      {remove && (
        <button
          type="button"
          class="quiet"
          aria-label={`${say.remove}: ${say.step(number)}`}
          onClick={remove}
        >
          {say.remove}
        </button>
      )}
    </fieldset>
  )
}

function Who({ step: { who, ...rest }, does }: Pick<StepProps, 'step' | 'does'>) {
  const say = words().floor
  const asked = who ?? []
  const nameOf = (id: string) => operators.value.find((each) => each.id === id)?.name ?? id
  const ids = new Set([...operators.value.map(({ id }) => id), ...asked])
  const change = (to: string[]) => does(to.length > 0 ? { ...rest, who: to } : rest)
  return (
    <details>
      <summary>{asked.length > 0 ? asked.map(nameOf).join(', ') : say.everybody}</summary>
      {[...ids].map((id) => (
        <YesOrNo
          key={id}
          label={nameOf(id)}
          isOn={asked.includes(id)}
          does={(isOn) => change(isOn ? [...asked, id] : asked.filter((each) => each !== id))}
        />
      ))}
    </details>
  )
}
