import type { CallView } from '../api.ts'
import { openCall } from '../board.ts'
import { openFromRow } from '../keys.ts'
import { shownPhone } from '../phones.ts'
import { named, words } from '../words/words.ts'

/** The number, which opens the story of the call. */
export function CallerButton({ call }: { call: CallView }) {
  const isOpen = openCall.value === call.id
  return (
    <button
      type="button"
      class="caller"
      data-call={call.id}
      aria-current={isOpen ? 'true' : undefined}
      onClick={() => openFromRow(call.id)}
    >
      {call.direction === 'out' && <span aria-hidden="true">↗ </span>}
      <PhoneText from={call.from} />
    </button>
  )
}

export function PhoneText({ from }: { from: string | undefined }) {
  if (from === undefined) return <span class="withheld">{words().withheld}</span>
  return (
    <span class="phone" data-phone={from}>
      {shownPhone(from)}
    </span>
  )
}

export function Kind({ call }: { call: CallView }) {
  const say = words()
  const kind = call.kind ?? (call.from === undefined ? 'withheld' : undefined)
  return (
    <>
      {kind !== undefined && <span class={`kind of-${kind}`}>{named(say.kinds, kind)}</span>}{' '}
      {call.priority > 0 && <span class="kind of-first">{say.first}</span>}
    </>
  )
}
