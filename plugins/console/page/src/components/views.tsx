import { addressOf, show, type View, view } from '../view.ts'
import { viewsThere } from '../views-there.ts'
import { words } from '../words/words.ts'

/** The pages that are there for whoever is signed in. */
export function Views() {
  const say = words().views
  const there = viewsThere.value
  if (there.length === 1) return null

  function go(event: Event, name: View) {
    event.preventDefault()
    show(name)
  }
  return (
    <nav class="views" aria-label={say.label}>
      {there.map((name) => (
        <a
          key={name}
          href={addressOf(name) || '/'}
          aria-current={view.value === name ? 'page' : undefined}
          onClick={(event) => go(event, name)}
        >
          {say[name]}
        </a>
      ))}
    </nav>
  )
}
