import { calls, may } from '../board.ts'
import { timer } from '../format.ts'
import { now } from '../time.ts'
import { named, words } from '../words/words.ts'
import { operators } from '../work.ts'
import { type Operator, work } from '../work-api.ts'
import { Act, type Acts, Failure, useActs } from './acts.tsx'
import { CallerButton } from './caller.tsx'
import { operatorShapes, stateWord } from './desk.tsx'
import { StateMark } from './shape.tsx'

export function OperatorTable() {
  const say = words()
  const acts = useActs()
  const mayMove = may('operators.move') && may('operators.move-any')
  return (
    <section class="sheet" aria-labelledby="operators-heading">
      <div class="panel-heading">
        <h2 id="operators-heading">{say.floor.operators}</h2>
      </div>
      <Failure acts={acts} />
      <table class="calls" aria-labelledby="operators-heading">
        <thead>
          <tr>
            <th scope="col">{say.columns.state}</th>
            <th scope="col">{say.floor.operator}</th>
            <th scope="col" class="number">
              {say.columns.time}
            </th>
            <th scope="col" class="when-wide">
              {say.floor.flags}
            </th>
            <th scope="col" class="when-wide">
              {say.columns.caller}
            </th>
            {mayMove && <th scope="col">{say.floor.moves}</th>}
          </tr>
        </thead>
        <tbody>
          {operators.value.map((each) => (
            <Row key={each.id} him={each} acts={acts} mayMove={mayMove} />
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Row({ him, acts, mayMove }: { him: Operator; acts: Acts; mayMove: boolean }) {
  const say = words()
  const call = him.call === undefined ? undefined : calls.value.calls.get(him.call)
  const isHere = him.state !== 'signed_out'
  return (
    <tr>
      <td>
        <StateMark name={operatorShapes[him.state]} word={stateWord(him)} />
      </td>
      <td class="who">
        {him.name} <span class="soft">{him.extension}</span>
      </td>
      <td class="number">{isHere && <span class="timer">{timer(now.value - him.since)}</span>}</td>
      <td class="when-wide">
        {him.flags.map((flag) => (
          <StateMark key={flag} name="alarm" word={named(say.operators.flags, flag)} />
        ))}
        {isHere && him.phone === 'away' && <StateMark name="alarm" word={say.operators.away} />}
      </td>
      <td class="when-wide">{call && <CallerButton call={call} />}</td>
      {mayMove && (
        <td>
          {isHere && (
            <span class="verbs">
              {him.state !== 'ready' && (
                <Act
                  acts={acts}
                  label={`${say.operators.ready}: ${him.name}`}
                  does={() => work.move(him.id, 'ready')}
                >
                  {say.operators.ready}
                </Act>
              )}
              {him.state !== 'not_ready' && (
                <Act
                  acts={acts}
                  label={`${say.operators.notReady}: ${him.name}`}
                  does={() => work.move(him.id, 'pause', 'supervisor')}
                >
                  {say.operators.notReady}
                </Act>
              )}
              <Act
                acts={acts}
                kind="quiet"
                label={`${say.operators.signOut}: ${him.name}`}
                does={() => work.move(him.id, 'sign-out')}
              >
                {say.operators.signOut}
              </Act>
            </span>
          )}
        </td>
      )}
    </tr>
  )
}
