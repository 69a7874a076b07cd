import type { Me } from '../api.ts'
import { neighbours, signOut } from '../board.ts'
import { isHelpOpen } from '../keys.ts'
import { named, words } from '../words/words.ts'
import { Preferences } from './preferences.tsx'
import { Search } from './search.tsx'
import { neighbourShapes, Shape } from './shape.tsx'
import { Views } from './views.tsx'

export function Header({ viewer }: { viewer: Me }) {
  const say = words()
  return (
    <header class="top">
      <p class="brand">
        <img src="/icon.svg" alt="" width="28" height="28" />
        <span>{viewer.site.name}</span>
      </p>
      <Views />
      <Search />
      <div class="own">
        <Preferences />
        <button
          type="button"
          class="quiet help-key"
          aria-label={say.shortcuts}
          onClick={() => {
            isHelpOpen.value = true
          }}
        >
          ?
        </button>
        <button type="button" class="quiet" onClick={() => void signOut()} title={viewer.name}>
          {say.signOut}
        </button>
      </div>
      <Neighbours />
    </header>
  )
}

function Neighbours() {
  const say = words()
  return (
    <ul class="neighbours" aria-label={say.neighbours} aria-live="polite">
      {neighbours.value.map(({ name, state, because }) => (
        <li key={name} class={`is-${neighbourShapes[state]}`} title={because}>
          <Shape name={neighbourShapes[state]} />
          <span class="who">{named(say.neighbour, name)}</span>{' '}
          <span class={state === 'connected' ? 'word when-wide' : 'word'}>{say.neighbourStates[state]}</span>
          {state === 'lost' && because && <span class="why">{because}</span>}
        </li>
      ))}
    </ul>
  )
}
