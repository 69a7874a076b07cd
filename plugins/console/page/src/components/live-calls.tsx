import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import type { CallStep } from '../api.ts'
import { arranged } from '../arranged.ts'
import { calls, live, stepShown, waitLimit } from '../board.ts'
import { timer } from '../format.ts'
import type { CallRow } from '../live-calls.ts'
import { shownPhone } from '../phones.ts'
import { now, staleFor } from '../time.ts'
import { named, words } from '../words/words.ts'
import { CallerButton, Kind } from './caller.tsx'
import { Figure } from './figure.tsx'
import { StateMark } from './shape.tsx'

const steps = ['ringing', 'conversing', 'waiting', 'talking'] as const satisfies CallStep[]

/** How long a held list waits before it rearranges all the same. */
const heldFor = 2000

export function LiveCalls() {
  const say = words()
  const step = stepShown.value
  const rows = live.value.filter((row) => step === undefined || row.state === step)
  const { shown, hold } = useHeldRows(rows)

  return (
    <section id="live" class="block" tabIndex={-1} aria-labelledby="live-heading">
      <div class="heading">
        <h1 id="live-heading">{say.live}</h1>
        <div class="figures">
          <Figure
            count={live.value.length}
            isPressed={step === undefined}
            onPress={() => {
              stepShown.value = undefined
            }}
          >
            {say.all}
          </Figure>
          {steps.map((each) => (
            <Figure
              key={each}
              count={live.value.filter((row) => row.state === each).length}
              isPressed={step === each}
              onPress={() => {
                stepShown.value = step === each ? undefined : each
              }}
            >
              <StateMark name={each} word={say.steps[each]} />
            </Figure>
          ))}
        </div>
      </div>
      <div class="sheet" {...hold}>
        <Veil />
        {shown.length === 0 ? (
          <p class="empty">
            {step === undefined ? say.noLive : say.noLiveOf(say.steps[step])}
            {step !== undefined && (
              <button
                type="button"
                class="link"
                onClick={() => {
                  stepShown.value = undefined
                }}
              >
                {say.showAll}
              </button>
            )}
          </p>
        ) : (
          <table class="calls live" aria-labelledby="live-heading" aria-rowcount={shown.length + 1}>
            <thead>
              <tr>
                <th scope="col" class="when-wide">
                  {say.columns.state}
                </th>
                <th scope="col">{say.columns.caller}</th>
                <th scope="col" class="when-wide">
                  {say.columns.kind}
                </th>
                <th scope="col" class="when-wide line">
                  {say.columns.line}
                </th>
                <th scope="col" class="number">
                  {say.columns.time}
                </th>
                <th scope="col" class="when-wide">
                  {say.columns.now}
                </th>
              </tr>
            </thead>
            <tbody>
              {shown.map((row) => (
                <LiveRow key={row.id} row={row} />
              ))}
            </tbody>
          </table>
        )}
      </div>
    </section>
  )
}

function LiveRow({ row }: { row: CallRow }) {
  const say = words()
  return (
    <tr class={`row is-${row.state}`}>
      <td class="when-wide">
        <StateMark name={row.state} word={say.steps[row.state]} />
      </td>
      <td class="who">
        <CallerButton call={row} />
        <span class="under when-narrow">
          <StateMark name={row.state} word={say.steps[row.state]} /> <Kind call={row} />{' '}
          <span>{row.line}</span>
        </span>
        <span class="under when-narrow">{doing(row)}</span>
      </td>
      <td class="when-wide">
        <Kind call={row} />
      </td>
      <td class="when-wide line">{row.line}</td>
      <td class="number">
        <Timer row={row} />
      </td>
      <td class="when-wide now">
        {doing(row)} <Last row={row} />
      </td>
    </tr>
  )
}

/** A caller without a person counts from the first ring, a talk from its beginning. */
function Timer({ row }: { row: CallRow }) {
  const say = words()
  if (row.state === 'ended') return <span class="timer">{timer((row.endedAt ?? row.at) - row.at)}</span>

  const passed = now.value - (row.state === 'talking' ? (row.talkingAt ?? row.since) : row.at)
  const limit = waitLimit.value * 1000
  const isLate = row.state === 'waiting' && passed >= limit
  const isNearlyLate = row.state === 'waiting' && passed >= limit * 0.75
  return (
    <span class={`timer${isLate ? ' is-late' : isNearlyLate ? ' is-nearly-late' : ''}`}>
      {timer(passed)}
      {isLate && <small>{say.now.longerThan(waitLimit.value)}</small>}
    </span>
  )
}

function doing(row: CallRow): string {
  const { now: say, by, steps: stepWords } = words()
  const partner = row.with ?? ''
  switch (row.state) {
    case 'ringing':
      return row.direction === 'out' ? say.rung : say.ringing
    case 'conversing':
      return say.conversing(named(by, partner))
    case 'waiting':
      return say.waiting(named(by, partner))
    case 'talking':
      return say.talking(shownPhone(partner))
    case 'ended':
      return stepWords.ended
  }
}

function Last({ row }: { row: CallRow }) {
  const { now: say } = words()
  if (!row.last) return null
  return (
    <span class="last">{'said' in row.last ? say.heard(row.last.said) : say.pressed(row.last.pressed)}</span>
  )
}

/** Old numbers never pass for live ones. */
function Veil() {
  const say = words()
  const age = staleFor.value
  return (
    <div class="veil" data-shown={age !== undefined}>
      <div>
        {age !== undefined && <StateMark name="alarm" word={say.stale(Math.floor(age / 1000))} />}
        {/* Spoken once, not with every second of the age. */}
        <p role="status">{age !== undefined && say.staleHint}</p>
      </div>
    </div>
  )
}

/** Rows as they are shown: held while pointer or focus is among them, two seconds at most. */
function useHeldRows(wanted: CallRow[]) {
  const isPointed = useSignal(false)
  const isFocused = useSignal(false)
  const released = useSignal(0)
  const shown = useRef<{ ids: string[]; release: number }>({ ids: [], release: 0 })

  const isHeld = (isPointed.value || isFocused.value) && shown.current.release === released.value
  const ids = wanted.map((row) => row.id)
  const held = arranged(shown.current.ids, ids, isHeld)
  shown.current = { ids: held, release: released.value }

  const isBehind = held.some((id, place) => ids[place] !== id)
  useEffect(() => {
    if (!isBehind) return
    const timeout = setTimeout(() => {
      released.value++
    }, heldFor)
    return () => clearTimeout(timeout)
  }, [isBehind, released])

  return {
    shown: held.flatMap((id) => calls.value.calls.get(id) ?? []),
    hold: {
      onPointerEnter: () => {
        isPointed.value = true
      },
      onPointerLeave: () => {
        isPointed.value = false
      },
      onFocusIn: () => {
        isFocused.value = true
      },
      onFocusOut: () => {
        isFocused.value = false
      },
    },
  }
}
