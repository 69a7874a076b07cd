import { useRef } from 'preact/hooks'
import { findCalls, found, me } from '../board.ts'
import { typedPhone } from '../format.ts'
import { words } from '../words/words.ts'

export function Search() {
  const field = useRef<HTMLInputElement>(null)
  const { search: say } = words()

  async function submit(event: SubmitEvent) {
    event.preventDefault()
    const viewer = me.peek()
    const phone = typedPhone(
      field.current?.value ?? '',
      typeof viewer === 'string' ? '' : viewer.site.country,
    )
    if (phone === '') found.value = undefined
    else await findCalls(phone)
  }

  function clear() {
    if (field.current) field.current.value = ''
    found.value = undefined
    field.current?.focus()
  }

  return (
    <search>
      <form class="search" onSubmit={submit}>
        <label class="unseen" for="search">
          {say.label}
        </label>
        <input
          id="search"
          ref={field}
          type="search"
          inputMode="tel"
          autocomplete="off"
          placeholder={say.placeholder}
          onKeyDown={(event) => event.key === 'Escape' && clear()}
        />
        <button type="submit">{say.submit}</button>
        {found.value && (
          <button type="button" class="quiet" onClick={clear}>
            {say.clear}
          </button>
        )}
      </form>
    </search>
  )
}
