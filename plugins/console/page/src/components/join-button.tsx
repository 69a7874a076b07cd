import { useSignal } from '@preact/signals'
import { useRef } from 'preact/hooks'
import { ApiError, api } from '../api.ts'
import { me } from '../board.ts'
import { words } from '../words/words.ts'

/** Rings client and driver of the order, for whoever may; what is wrong is said in the house's own sentence. */
export function JoinButton({ order }: { order: string }) {
  const { story: say } = words()
  const state = useSignal<'idle' | 'asked' | { refused: string }>('idle')
  const key = useRef('')
  const who = me.value
  if (typeof who !== 'object' || !who.rights.includes('calls.join')) return null

  async function join() {
    state.value = 'asked'
    key.current ||= `${order}@${Date.now()}`
    try {
      await api.join(order, key.current)
    } catch (thrown) {
      // Unanswered, it may have been done: asked again under the same key it is done once.
      if (!(thrown instanceof ApiError) || thrown.status > 0) key.current = ''
      state.value = { refused: thrown instanceof Error ? thrown.message : String(thrown) }
    }
  }

  const { value } = state
  return (
    <p class="actions">
      <button type="button" class="link" disabled={value === 'asked'} onClick={() => void join()}>
        {value === 'asked' ? say.joining : say.join(order)}
      </button>
      {typeof value === 'object' && <span role="alert">{value.refused}</span>}
    </p>
  )
}
