import { useEffect } from 'preact/hooks'
import { me, openCall } from '../board.ts'
import { staleFor } from '../time.ts'
import { viewShown } from '../views-there.ts'
import { words } from '../words/words.ts'
import { Desk } from './desk.tsx'
import { EndedCalls } from './ended-calls.tsx'
import { Floor } from './floor.tsx'
import { Header } from './header.tsx'
import { Help } from './help.tsx'
import { LiveCalls } from './live-calls.tsx'
import { RaisedTariffs } from './raised-tariffs.tsx'
import { SignIn } from './sign-in.tsx'
import { StoryPanel } from './story-panel.tsx'
import { Tariffs } from './tariffs.tsx'

export function App() {
  const viewer = me.value
  const company = typeof viewer === 'string' ? 'Callbus' : viewer.site.name
  const shown = viewShown.value
  useEffect(() => {
    const say = words()
    document.title = `${shown === 'calls' ? say.title : say.views[shown]} · ${company}`
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
        {shown !== 'tariffs' && <RaisedTariffs />}
        {shown === 'desk' && <Desk />}
        {shown === 'floor' && <Floor />}
        {shown === 'tariffs' && <Tariffs />}
        {shown === 'calls' && (
          <>
            <LiveCalls />
            <EndedCalls />
          </>
        )}
      </main>
      <StoryPanel />
      <Help />
    </div>
  )
}
