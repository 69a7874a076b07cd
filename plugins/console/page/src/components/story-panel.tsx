import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import type { CallView, Stamped, Story } from '../api.ts'
import { calls, fetchStory, findCalls, openCall, story } from '../board.ts'
import { moment, timer } from '../format.ts'
import { closeStory } from '../keys.ts'
import { shownPhone } from '../phones.ts'
import { orderOf, type Told, told } from '../story.ts'
import { now } from '../time.ts'
import { named, words } from '../words/words.ts'
import { Kind, PhoneText } from './caller.tsx'
import { JoinButton } from './join-button.tsx'
import { Shape, StateMark } from './shape.tsx'

export function StoryPanel() {
  const say = words()
  const call = openCall.value
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (call !== undefined) heading.current?.focus()
  }, [call])

  if (call === undefined) return null
  const reading = story.value
  return (
    <aside class="story" aria-labelledby="story-heading">
      <div class="heading">
        <h2 id="story-heading" ref={heading} tabIndex={-1}>
          {say.story.heading}
        </h2>
        <button type="button" class="quiet" onClick={closeStory}>
          {say.close} <kbd class="when-wide">Esc</kbd>
        </button>
      </div>
      {reading === 'asking' && <p class="empty">{say.story.loading}</p>}
      {reading === 'failed' && (
        <p class="empty" role="alert">
          {say.failed}{' '}
          <button type="button" class="link" onClick={() => void fetchStory(call)}>
            {say.tryAgain}
          </button>
        </p>
      )}
      {typeof reading === 'object' && <Telling reading={reading} />}
    </aside>
  )
}

function Telling({ reading }: { reading: Story }) {
  const say = words()
  const row = calls.value.calls.get(reading.call.id) ?? reading.call
  const order = orderOf(reading.facts)
  const isOver = row.state === 'ended'
  const word = isOver && row.result !== undefined ? named(say.results, row.result) : say.steps[row.state]
  return (
    <>
      <div class="subject">
        <p class="phone-line">
          <PhoneText from={row.from} />
          <span class="length">{timer((row.endedAt ?? now.value) - row.at)}</span>
        </p>
        <p class="what">
          <StateMark name={row.state} word={word} /> <Kind call={row} /> <span>{row.line}</span>
        </p>
        {row.from !== undefined && <NumberActions from={row.from} />}
        {order !== undefined && <JoinButton key={order} order={order} />}
      </div>
      {reading.facts.length === 0 ? (
        <p class="empty">{say.story.noFacts}</p>
      ) : (
        <ol class="facts">
          {reading.facts.map((fact) => (
            <Line key={fact.id} fact={fact} call={row} />
          ))}
        </ol>
      )}
    </>
  )
}

function Line({ fact, call }: { fact: Stamped; call: CallView }) {
  const say = words()
  const line = told(fact, { words: say, toPhone: shownPhone, direction: call.direction })
  return (
    <li>
      <Shape name={line.shape} />
      <time dateTime={new Date(fact.at).toISOString()}>
        {moment(fact.at, now.value)}
        <small>+{timer(fact.at - call.at)}</small>
      </time>
      <div>
        <p>{line.sentence}</p>
        <Why told={line} />
      </div>
    </li>
  )
}

/** Who decided or said it, and why. */
function Why({ told: { by, source, because } }: { told: Told }) {
  const { story: say } = words()
  const who = by ?? source
  if (who === undefined && because === undefined) return null
  return (
    <p class="why">
      {who !== undefined && (
        <>
          {by === undefined ? say.source : say.decided}: <b>{who}</b>
        </>
      )}
      {who !== undefined && because !== undefined && ', '}
      {because !== undefined && `${say.because} ${because}`}
    </p>
  )
}

function NumberActions({ from }: { from: string }) {
  const say = words()
  const isCopied = useSignal(false)

  async function copy() {
    await navigator.clipboard.writeText(from)
    isCopied.value = true
  }

  return (
    <p class="actions">
      <button type="button" class="link" onClick={() => void findCalls(from)}>
        {say.story.allOfNumber}
      </button>
      {'clipboard' in navigator && (
        <button type="button" class="link" onClick={() => void copy()}>
          {isCopied.value ? say.story.copied : say.story.copy}
        </button>
      )}
    </p>
  )
}
