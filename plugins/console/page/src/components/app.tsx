import { useEffect } from 'preact/hooks'
import { me, openCall } from '../board.ts'
import { staleFor } from '../time.ts'
import { words } from '../words/words.ts'
import { EndedCalls } from './ended-calls.tsx'
import { Header } from './header.tsx'
import { Help } from './help.tsx'
import { LiveCalls } from './live-calls.tsx'
import { SignIn } from './sign-in.tsx'
import { StoryPanel } from './story-panel.tsx'

export function App() {
  const viewer = me.value
  const company = typeof viewer === 'string' ? 'Callbus' : viewer.site.name
  useEffect(() => {
    document.title = `${words().title} · ${company}`
  })

  if (viewer === 'asking') return <div class="asking" aria-busy="true" />
  if (viewer === 'nobody') return <SignIn />

  return (
    <div
      class={openCall.value === undefined ? 'page' : 'page has-story'}
      data-stale={staleFor.value !== undefined}
    >
      <a class="skip" href="#live">
        {words().skipToCalls}
      </a>
      <Header viewer={viewer} />
      <main class="lists">
        <LiveCalls />
        <EndedCalls />
      </main>
      <StoryPanel />
      <Help />
    </div>
  )
}
