import { signal } from '@preact/signals'
import { calls, may } from '../board.ts'
import { timer } from '../format.ts'
import { shownPhone } from '../phones.ts'
import { now } from '../time.ts'
import { words } from '../words/words.ts'
import { mine, operators, talks } from '../work.ts'
import { type Attendance, type Talk, work } from '../work-api.ts'
import { Act, type Acts, Failure, useActs } from './acts.tsx'
import { CallerButton, Kind } from './caller.tsx'
import { MoveTo } from './queue-panel.tsx'
import { StateMark } from './shape.tsx'

const keptPhone = 'callbus.attend-at'
/** The supervisor's phone, when he has not signed in at one as an operator. */
const typedPhone = signal(localStorage.getItem(keptPhone) ?? '')

const ways = ['listen', 'whisper', 'barge', 'take-over'] as const satisfies Attendance[]

export function TalkTable() {
  const say = words()
  const acts = useActs()
  const list = talks.value
  const isSeated = mine.value !== undefined && mine.value.state !== 'signed_out'
  return (
    <section class="sheet" aria-labelledby="talks-heading">
      <div class="panel-heading">
        <h2 id="talks-heading">{say.floor.talks}</h2>
        {!isSeated && (
          <label class="soft">
            {say.floor.myPhone}{' '}
            <input
              type="tel"
              size={8}
              autocomplete="off"
              value={typedPhone.value}
              onInput={({ currentTarget: { value } }) => {
                typedPhone.value = value.trim()
                localStorage.setItem(keptPhone, typedPhone.peek())
              }}
            />
          </label>
        )}
      </div>
      <Failure acts={acts} />
      {list.length === 0 ? (
        <p class="empty">{say.floor.noTalks}</p>
      ) : (
        <table class="calls" aria-labelledby="talks-heading">
          <thead>
            <tr>
              <th scope="col">{say.columns.state}</th>
              <th scope="col">{say.columns.caller}</th>
              <th scope="col">{say.floor.operator}</th>
              <th scope="col" class="number">
                {say.columns.time}
              </th>
              <th scope="col">{say.floor.attend}</th>
              <th scope="col">{say.floor.move}</th>
            </tr>
          </thead>
          <tbody>
            {list.map((talk) => (
              <Row
                key={talk.call}
                talk={talk}
                acts={acts}
                phone={isSeated ? (mine.value?.extension ?? '') : typedPhone.value}
              />
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}

function Row({ talk, acts, phone }: { talk: Talk; acts: Acts; phone: string }) {
  const say = words()
  const call = calls.value.calls.get(talk.call)
  const whom = operators.value.find(({ extension }) => extension === talk.with)?.name ?? shownPhone(talk.with)
  const attends = talk.others.find((other) => phone !== '' && other.phone === phone)
  return (
    <tr>
      <td>
        <StateMark
          name={talk.state === 'held' ? 'waiting' : 'talking'}
          word={say.floor.talkStates[talk.state]}
        />
      </td>
      <td class="who">
        {call ? <CallerButton call={call} /> : '…'} {call && <Kind call={call} />}
      </td>
      <td>
        {whom}
        {talk.others.map((other) => (
          <span key={other.phone} class="under-it">
            {shownPhone(other.phone)}: {say.attends[other.as] ?? other.as}
          </span>
        ))}
      </td>
      <td class="number">
        <span class="timer">{timer(now.value - (talk.heldSince ?? call?.talkingAt ?? now.value))}</span>
      </td>
      <td>
        {may('talks.supervise') && talk.with !== phone && (
          <span class="verbs">
            {ways.map((way) => (
              <Act
                key={way}
                acts={acts}
                isPressed={way === 'take-over' ? undefined : attends?.as === way}
                label={`${say.floor.ways[way]}: ${whom}`}
                does={() => work.attend(talk.call, way, phone)}
              >
                {say.floor.ways[way]}
              </Act>
            ))}
            {attends && (
              <Act acts={acts} kind="quiet" does={() => work.dismiss(talk.call, attends.phone)}>
                {say.floor.leave}
              </Act>
            )}
          </span>
        )}
      </td>
      <td>
        {may('talks.supervise') && (
          <MoveTo
            acts={acts}
            whom={call?.from ?? talk.call}
            does={({ to }) => work.transfer(talk.call, { place: to })}
          />
        )}
      </td>
    </tr>
  )
}
