import type { Signal } from '@preact/signals'
import { me } from '../board.ts'
import { typedPhone } from '../format.ts'
import { named, words } from '../words/words.ts'
import { operators, queues } from '../work.ts'
import type { Operator, Target } from '../work-api.ts'

/** To whom somebody can be given on: `phone 102`, `place reserve`, `driver` or `number`, which is typed. */
export function targetOf(chosen: string, typed: string): Target | undefined {
  if (chosen === 'driver') return { driver: true }
  if (chosen === 'number') {
    const viewer = me.value
    const to = typedPhone(typed, typeof viewer === 'string' ? '' : viewer.site.country)
    return to === '' ? undefined : { to }
  }
  const [, kind, name] = /^(phone|place) (.+)$/.exec(chosen) ?? []
  if (name === undefined) return undefined
  return kind === 'place' ? { place: name } : { to: name }
}

interface Props {
  chosen: Signal<string>
  typed: Signal<string>
  him: Operator
  hasDriver: boolean
}

export function Targets({ chosen, typed, him, hasDriver }: Props) {
  const say = words()
  const others = operators.value.filter(
    ({ id, extension, state }) => id !== him.id && extension !== undefined && state !== 'signed_out',
  )
  return (
    <>
      <select
        class="choice"
        aria-label={say.desk.giveOn}
        value={chosen.value}
        onChange={({ currentTarget: { value } }) => {
          chosen.value = value
        }}
      >
        <option value="">{say.desk.toWhom}</option>
        {others.length > 0 && (
          <optgroup label={say.floor.operators}>
            {others.map(({ id, name, extension, state }) => (
              <option key={id} value={`phone ${extension}`}>
                {name} · {extension} · {say.operators.states[state]}
              </option>
            ))}
          </optgroup>
        )}
        {queues.value.length > 0 && (
          <optgroup label={say.floor.queues}>
            {queues.value.map(({ name, waiting }) => (
              <option key={name} value={`place ${name}`}>
                {named(say.by, name)} · {waiting.length}
              </option>
            ))}
          </optgroup>
        )}
        {hasDriver && <option value="driver">{say.desk.driver}</option>}
        <option value="number">{say.desk.number}</option>
      </select>
      {chosen.value === 'number' && (
        <input
          type="tel"
          autocomplete="off"
          aria-label={say.desk.number}
          placeholder={say.search.placeholder}
          value={typed.value}
          onInput={({ currentTarget }) => {
            typed.value = currentTarget.value
          }}
        />
      )}
    </>
  )
}
