import { useSignal } from '@preact/signals'
import { may } from '../board.ts'
import { words } from '../words/words.ts'
import { work } from '../work-api.ts'
import { Failure, useActs } from './acts.tsx'

/** Something to be kept with the call, also while he wraps up. */
export function Note({ call }: { call: string }) {
  const say = words().desk
  const acts = useActs()
  const text = useSignal('')
  const isKept = useSignal(false)
  if (!may('talks.control')) return null

  async function submit(event: SubmitEvent) {
    event.preventDefault()
    const written = text.peek().trim()
    if (written === '') return
    isKept.value = await acts.act(() => work.note(call, written))
    if (isKept.peek()) text.value = ''
  }

  return (
    <form class="note" onSubmit={submit}>
      <label>
        {say.note}
        <textarea
          rows={2}
          maxLength={1_000}
          value={text.value}
          onInput={({ currentTarget }) => {
            text.value = currentTarget.value
            isKept.value = false
          }}
        />
      </label>
      <button type="submit" aria-disabled={acts.isBusy}>
        {say.keepNote}
      </button>
      <span role="status" class="soft">
        {isKept.value && say.noteKept}
      </span>
      <Failure acts={acts} />
    </form>
  )
}
