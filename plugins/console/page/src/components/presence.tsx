import { useSignal } from '@preact/signals'
import { words } from '../words/words.ts'
import { pauseReasons, refreshOperators } from '../work.ts'
import { type Operator, work } from '../work-api.ts'
import { Act, Failure, useActs } from './acts.tsx'

/** Comes to his place, makes a pause, goes home. */
export function Presence({ him }: { him: Operator }) {
  const acts = useActs()
  const say = words()
  /** During a call nothing of it is told by a fact. */
  const move = (...to: Parameters<typeof work.move>) => work.move(...to).then(refreshOperators)
  return (
    <div class="sheet card presence">
      {him.state === 'signed_out' ? (
        <SignInForm him={him} acts={acts} />
      ) : (
        <div class="verbs">
          <Act
            acts={acts}
            kind={him.state === 'not_ready' || him.state === 'wrap_up' ? 'primary' : undefined}
            does={() => move(him.id, 'ready')}
          >
            {say.operators.ready}
          </Act>
          <Pause acts={acts} does={(reason) => move(him.id, 'pause', reason)} />
          <Act acts={acts} kind="quiet" does={() => move(him.id, 'sign-out')}>
            {say.operators.signOut}
          </Act>
          <span role="status" class="soft">
            {him.next !== undefined && say.desk.afterwards(say.operators.states[him.next])}
          </span>
        </div>
      )}
      <Failure acts={acts} />
    </div>
  )
}

type Props = { him: Operator; acts: ReturnType<typeof useActs> }

function SignInForm({ him, acts }: Props) {
  const say = words().desk
  function submit(event: SubmitEvent) {
    event.preventDefault()
    const extension = String(new FormData(event.currentTarget as HTMLFormElement).get('extension')).trim()
    void acts.act(() => work.signIn(him.id, extension))
  }
  return (
    <form class="verbs" onSubmit={submit}>
      <label>
        {say.extension}{' '}
        <input
          name="extension"
          inputMode="tel"
          autocomplete="off"
          maxLength={60}
          size={8}
          defaultValue={him.extension ?? ''}
          required
        />
      </label>
      <button type="submit" class="primary" aria-disabled={acts.isBusy}>
        {say.signIn}
      </button>
    </form>
  )
}

function Pause({ acts, does }: Pick<Props, 'acts'> & { does(reason: string): Promise<void> }) {
  const say = words().operators
  const wanted = useSignal('')
  const there = pauseReasons.value
  const reason = there.includes(wanted.value) ? wanted.value : (there[0] ?? 'pause')
  return (
    <span class="with-choice">
      <select
        aria-label={say.reason}
        value={reason}
        onChange={({ currentTarget: { value } }) => {
          wanted.value = value
        }}
      >
        {there.map((name) => (
          <option key={name} value={name}>
            {say.reasons[name] ?? name}
          </option>
        ))}
      </select>
      <Act acts={acts} does={() => does(reason)}>
        {say.notReady}
      </Act>
    </span>
  )
}
