import { words } from '../words/words.ts'
import { myTalk, otherTalk, secondCall, secondCard } from '../work.ts'
import { type Operator, type Talk, work } from '../work-api.ts'
import { Act, Failure, useActs } from './acts.tsx'
import { Client, Why } from './client-card.tsx'
import { StateMark } from './shape.tsx'

/** What the second line of his phone does while he talks: it rings for one more client, or one waits there. */
export function SecondLine({ him }: { him: Operator }) {
  const call = secondCall.value
  if (call !== undefined) return <SecondCall key={call} call={call} him={him} />
  return otherTalk.value ? <OtherTalk talk={otherTalk.value} /> : null
}

function SecondCall({ call, him }: { call: string; him: Operator }) {
  const acts = useActs()
  const say = words().desk
  const known = secondCard.value?.call === call ? secondCard.value : undefined
  const canTake = known?.answersItself === true && (myTalk.value === undefined || isSimple(myTalk.value))
  return (
    <section class="sheet card client" aria-labelledby="second-heading">
      <h2 id="second-heading" aria-live="polite">
        <StateMark name="ringing" word={say.secondRings} />
      </h2>
      <Client call={call} />
      {known && <Why known={known} />}
      <div class="talk-verbs">
        <div class="verbs">
          {canTake && (
            <Act acts={acts} kind="primary" does={() => take(call, myTalk.peek())}>
              {say.takeSecond}
            </Act>
          )}
          <Act acts={acts} does={() => work.decline(him.id)}>
            {say.leaveSecond}
          </Act>
        </div>
        <p class="soft">{canTake ? say.firstIsHeld : say.pressSecondKey}</p>
        <Failure acts={acts} />
      </div>
    </section>
  )
}

function OtherTalk({ talk }: { talk: Talk }) {
  const acts = useActs()
  const say = words().desk
  const canReturn = talk.state === 'held' && (myTalk.value === undefined || isSimple(myTalk.value))
  return (
    <section class="sheet card client" aria-labelledby="second-heading">
      <h2 id="second-heading">
        <StateMark name="waiting" word={say.otherLine} />
      </h2>
      <Client call={talk.call} />
      <div class="talk-verbs">
        {canReturn && (
          <div class="verbs">
            <Act acts={acts} does={() => backTo(talk, myTalk.peek())}>
              {say.backToOther}
            </Act>
          </div>
        )}
        <p class="soft">{say.changeLine}</p>
        <Failure acts={acts} />
      </div>
    </section>
  )
}

const isSimple = ({ state }: Talk) => state === 'together' || state === 'held'

/** Nobody is left on hold for a call that could not be taken. */
async function take(call: string, present: Talk | undefined): Promise<void> {
  const isHeldForIt = await hold(present)
  try {
    await work.answer(call)
  } catch (thrown) {
    if (present && isHeldForIt) await work.verb(present.call, 'unhold').catch(() => undefined)
    throw thrown
  }
}

async function backTo(held: Talk, present: Talk | undefined): Promise<void> {
  await hold(present)
  await work.verb(held.call, 'unhold')
}

async function hold(talk: Talk | undefined): Promise<boolean> {
  if (talk?.state !== 'together') return false
  await work.verb(talk.call, 'hold')
  return true
}
