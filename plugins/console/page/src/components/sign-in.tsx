import { useSignal } from '@preact/signals'
import { ApiError } from '../api.ts'
import { signIn } from '../board.ts'
import { words } from '../words/words.ts'
import { Preferences } from './preferences.tsx'

export function SignIn() {
  const failure = useSignal<'refused' | 'unreachable' | 'linkUsed' | undefined>(broughtAlong())
  const isSending = useSignal(false)
  const { signIn: say } = words()

  async function submit(event: SubmitEvent) {
    event.preventDefault()
    const form = new FormData(event.currentTarget as HTMLFormElement)
    isSending.value = true
    failure.value = undefined
    try {
      await signIn(String(form.get('name')), String(form.get('password')))
    } catch (thrown) {
      failure.value = thrown instanceof ApiError && thrown.status === 401 ? 'refused' : 'unreachable'
    } finally {
      isSending.value = false
    }
  }

  return (
    <main class="sign-in">
      <form onSubmit={submit} aria-labelledby="sign-in-heading">
        <p class="brand">
          <img src="/icon.svg" alt="" width="28" height="28" />
          Callbus
        </p>
        <h1 id="sign-in-heading">{say.heading}</h1>
        <label>
          {say.name}
          <input name="name" autocomplete="username" required />
        </label>
        <label>
          {say.password}
          <input name="password" type="password" autocomplete="current-password" required />
        </label>
        <p class="failure" role="alert">
          {failure.value && say[failure.value]}
        </p>
        <button type="submit" class="primary" disabled={isSending}>
          {say.submit}
        </button>
        <p class="hint">{say.linkHint}</p>
      </form>
      <Preferences />
    </main>
  )
}

/** Who opens a link that is used up is led here. */
function broughtAlong(): 'linkUsed' | undefined {
  return new URLSearchParams(location.search).get('link') === 'used' ? 'linkUsed' : undefined
}
