import { tariffsNow } from '../tariffs.ts'
import { words } from '../words/words.ts'
import { Shape } from './shape.tsx'

/** Where the weather has put prices up, and why: callers ask. */
export function RaisedTariffs() {
  const raised = tariffsNow.value.zones.filter(({ rise }) => rise > 0)
  if (raised.length === 0) return null
  const say = words().tariffs
  return (
    <section class="banner is-ringing" aria-label={say.heading}>
      <ul>
        {raised.map(({ zone, rise, because }) => (
          <li key={zone}>
            <Shape name="ringing" />
            <span>
              <b>{say.zone({ zone, rise })}</b> {because}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
