import { calls } from '../board.ts'
import { timer } from '../format.ts'
import { now } from '../time.ts'
import { words } from '../words/words.ts'
import { parked } from '../work.ts'
import { work } from '../work-api.ts'
import { Act, Failure, useActs } from './acts.tsx'
import { PhoneText } from './caller.tsx'

export function ParkedClients() {
  const say = words().desk
  const acts = useActs()
  if (parked.value.length === 0) return null
  return (
    <section class="sheet card" aria-labelledby="parked-heading">
      <h2 id="parked-heading">{say.parked}</h2>
      <ul class="parked">
        {parked.value.map(({ slot, call, since }) => (
          <li key={slot}>
            <b>{slot}</b> <Client call={call} /> <span class="timer">{timer(now.value - since)}</span>{' '}
            <Act acts={acts} label={`${say.pickUp}: ${slot}`} does={() => work.pickUp(slot)}>
              {say.pickUp}
            </Act>
          </li>
        ))}
      </ul>
      <Failure acts={acts} />
    </section>
  )
}

function Client({ call }: { call: string }) {
  const row = calls.value.calls.get(call)
  return row ? <PhoneText from={row.from} /> : null
}
