import '@preact/signals'
import { render } from 'preact'
import { enter, follow } from './board.ts'
import { App } from './components/app.tsx'
import { listenToKeys } from './keys.ts'
import { copyPhonesAsStored } from './phones.ts'
import { followTariffs } from './tariffs.ts'
import { followWork } from './work.ts'

const root = document.getElementById('console')
if (root) render(<App />, root)

copyPhonesAsStored()
listenToKeys()
follow(followWork)
follow(followTariffs)
void enter()
