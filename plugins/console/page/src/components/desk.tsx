import { timer } from '../format.ts'
import { now } from '../time.ts'
import { named, words } from '../words/words.ts'
import { mine, myCall } from '../work.ts'
import type { Operator } from '../work-api.ts'
import { ClientCard } from './client-card.tsx'
import { Day } from './day.tsx'
import { ParkedClients } from './parked-clients.tsx'
import { Presence } from './presence.tsx'
import { SecondLine } from './second-line.tsx'
import { type ShapeName, StateMark } from './shape.tsx'

export const operatorShapes: Record<Operator['state'], ShapeName> = {
  signed_out: 'ended',
  ready: 'ready',
  not_ready: 'conversing',
  ringing: 'ringing',
  talking: 'talking',
  wrap_up: 'waiting',
}

export function stateWord({ state, reason }: Operator): string {
  const say = words().operators
  const word = say.states[state]
  return state === 'not_ready' && reason !== undefined && reason !== 'pause'
    ? `${word}: ${named(say.reasons, reason)}`
    : word
}

/** What an operator sees of himself, of his client and of his day. */
export function Desk() {
  const him = mine.value
  const call = myCall.value
  if (!him) return null
  return (
    <section id="live" class="block desk" tabIndex={-1} aria-labelledby="desk-heading">
      <div class="heading">
        <h1 id="desk-heading">{words().views.desk}</h1>
        <p class="own-state">
          <span role="status">
            <StateMark name={operatorShapes[him.state]} word={stateWord(him)} />
          </span>
          {him.state !== 'signed_out' && (
            <>
              <span class="timer">{timer(now.value - him.since)}</span>
              <span class="soft">{words().desk.at(him.extension ?? '—')}</span>
            </>
          )}
        </p>
      </div>
      <div class="desk-parts">
        <Presence him={him} />
        {call === undefined ? (
          <p class="sheet empty">{words().desk.noCall}</p>
        ) : (
          <ClientCard key={call} call={call} him={him} />
        )}
        <SecondLine him={him} />
        <ParkedClients />
        <Day />
      </div>
    </section>
  )
}
