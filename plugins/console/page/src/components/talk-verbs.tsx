import { useSignal } from '@preact/signals'
import { may } from '../board.ts'
import { shownPhone } from '../phones.ts'
import { words } from '../words/words.ts'
import { type Operator, type PlainVerb, type Talk, work } from '../work-api.ts'
import { Act, type Acts, Failure, useActs } from './acts.tsx'
import { Targets, targetOf } from './targets.tsx'

/** What can be done with a talk as it stands now. */
export function TalkVerbs({ talk, him, hasDriver }: { talk: Talk; him: Operator; hasDriver: boolean }) {
  const acts = useActs()
  const say = words().desk
  if (!may('talks.control')) return null

  const verb = (name: PlainVerb) => () => work.verb(talk.call, name)
  const isSimple = talk.state === 'together' || talk.state === 'held'
  const isWithOther = talk.state === 'consulting' || talk.state === 'swapped'
  const inConference = talk.others.filter(({ as }) => as === 'conference')
  return (
    <div class="talk-verbs">
      <Others talk={talk} him={him} />
      <div class="verbs">
        {isSimple && (
          <Act acts={acts} kind="primary" does={verb(talk.state === 'held' ? 'unhold' : 'hold')}>
            {talk.state === 'held' ? say.resume : say.hold}
          </Act>
        )}
        {isWithOther && (
          <>
            <Act acts={acts} kind="primary" does={verb('complete')}>
              {say.complete}
            </Act>
            <Act acts={acts} does={verb('swap')}>
              {say.swap}
            </Act>
            <Act acts={acts} does={verb('conference')}>
              {say.conference}
            </Act>
          </>
        )}
        {!isSimple && (
          <Act acts={acts} does={verb('cancel')}>
            {say.cancel}
          </Act>
        )}
        {inConference.map(({ phone }) => (
          <Act key={phone} acts={acts} does={() => work.dismiss(talk.call, phone)}>
            {say.letGo(shownPhone(phone))}
          </Act>
        ))}
        {isSimple && (
          <Act acts={acts} does={verb('park')}>
            {say.park}
          </Act>
        )}
        <Act acts={acts} kind="danger" does={verb('hang-up')}>
          {say.hangUp}
        </Act>
      </div>
      {isSimple && <GiveOn talk={talk} him={him} hasDriver={hasDriver} acts={acts} />}
      <Failure acts={acts} />
    </div>
  )
}

function Others({ talk, him }: { talk: Talk; him: Operator }) {
  const say = words()
  const others = talk.others.filter(({ phone }) => phone !== him.extension)
  if (others.length === 0) return null
  return (
    <ul class="others">
      {others.map(({ phone, as }) => (
        <li key={phone}>
          {shownPhone(phone)}: {say.attends[as] ?? as}
        </li>
      ))}
    </ul>
  )
}

/** At once, or after a word with whoever shall have him. */
function GiveOn({ talk, him, hasDriver, acts }: Parameters<typeof TalkVerbs>[0] & { acts: Acts }) {
  const say = words().desk
  const chosen = useSignal('')
  const typed = useSignal('')
  const target = targetOf(chosen.value, typed.value)
  const isPlace = chosen.value.startsWith('place ')

  return (
    <fieldset class="give-on">
      <legend>{say.giveOn}</legend>
      <Targets chosen={chosen} typed={typed} him={him} hasDriver={hasDriver} />
      {target && (
        <>
          <Act acts={acts} does={() => work.transfer(talk.call, target)}>
            {say.transfer}
          </Act>
          {!isPlace && (
            <Act acts={acts} does={() => work.consult(talk.call, target)}>
              {say.consult}
            </Act>
          )}
        </>
      )}
    </fieldset>
  )
}
