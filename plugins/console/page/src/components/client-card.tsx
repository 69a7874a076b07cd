import { calls } from '../board.ts'
import { timer } from '../format.ts'
import { openFromRow } from '../keys.ts'
import { now } from '../time.ts'
import { named, words } from '../words/words.ts'
import { card, myTalk } from '../work.ts'
import { type Card, type Operator, work } from '../work-api.ts'
import { Act, Failure, useActs } from './acts.tsx'
import { Kind, PhoneText } from './caller.tsx'
import { Note } from './note.tsx'
import { StateMark } from './shape.tsx'
import { TalkVerbs } from './talk-verbs.tsx'

/** The client of this moment: who, why, since when, and what can be done with his call. */
export function ClientCard({ call, him }: { call: string; him: Operator }) {
  const say = words()
  const talk = myTalk.value?.call === call ? myTalk.value : undefined
  const known = card.value?.call === call ? card.value : undefined
  const isRinging = him.state === 'ringing'
  return (
    <section class="sheet card client" aria-labelledby="client-heading">
      <h2 id="client-heading" aria-live="polite">
        {isRinging ? (
          <StateMark name="ringing" word={say.desk.rings} />
        ) : (
          <StateMark
            name={talk ? 'talking' : 'ended'}
            word={talk ? say.desk.talks[talk.state] : say.desk.was}
          />
        )}
      </h2>
      <Client call={call} />
      {known && <Why known={known} />}
      {isRinging && <Answer call={call} answersItself={known?.answersItself ?? false} />}
      {talk && <TalkVerbs talk={talk} him={him} hasDriver={known?.order?.hasDriver ?? false} />}
      <Note call={call} />
      <p>
        <button type="button" class="link" data-call={call} onClick={() => openFromRow(call)}>
          {say.desk.story}
        </button>
      </p>
    </section>
  )
}

/** His number, what he is to us, and how long he has been here. */
export function Client({ call }: { call: string }) {
  const row = calls.value.calls.get(call)
  if (!row) return <p class="phone-line">…</p>
  return (
    <>
      <p class="phone-line">
        <PhoneText from={row.from} />
        <span class="length">{timer((row.endedAt ?? now.value) - (row.talkingAt ?? row.at))}</span>
      </p>
      <p class="what">
        <Kind call={row} /> <span>{row.line}</span>{' '}
        <span class="soft">
          {words().desk.waited} {timer((row.talkingAt ?? row.endedAt ?? now.value) - row.at)}
        </span>
      </p>
    </>
  )
}

/** His phone is made to answer, where it can be. */
function Answer({ call, answersItself }: { call: string; answersItself: boolean }) {
  const acts = useActs()
  const say = words().desk
  if (!answersItself) return <p class="soft">{say.liftHandset}</p>
  return (
    <div class="talk-verbs">
      <div class="verbs">
        <Act acts={acts} kind="primary" does={() => work.answer(call)}>
          {say.answer}
        </Act>
        <span class="soft">{say.orLift}</span>
      </div>
      <Failure acts={acts} />
    </div>
  )
}

export function Why({ known: { isVip, order, orders } }: { known: Card }) {
  const say = words()
  return (
    <dl class="why-he-calls">
      {isVip && (
        <div>
          <dt class="unseen">{say.columns.kind}</dt>
          <dd>
            <span class="kind of-vip">{say.kinds.vip}</span>
          </dd>
        </div>
      )}
      <div>
        <dt>{say.desk.order}</dt>
        <dd>
          {order === undefined ? (
            say.desk.noOrder
          ) : (
            <>
              <b>{order.id}</b> {named(say.stages, order.stage)}
              {order.stateName !== '' && <span class="soft"> ({order.stateName})</span>}
              {order.minutes !== undefined && <>, {say.desk.carIn(order.minutes)}</>}
            </>
          )}
        </dd>
      </div>
      {order?.pickup !== undefined && (
        <div>
          <dt>{say.desk.pickup}</dt>
          <dd>{order.pickup}</dd>
        </div>
      )}
      {orders > 1 && (
        <div>
          <dt>{say.desk.orders}</dt>
          <dd>{orders}</dd>
        </div>
      )}
    </dl>
  )
}
