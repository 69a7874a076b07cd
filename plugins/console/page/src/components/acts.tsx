import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useMemo } from 'preact/hooks'
import { words } from '../words/words.ts'
import { refreshTalks } from '../work.ts'

/** What the buttons of one place do, one after another. */
export interface Acts {
  readonly isBusy: boolean
  readonly failure: string
  /** False when it could not be done; why is said in the house's own sentence. */
  act(does: () => Promise<unknown>): Promise<boolean>
}

export function useActs(): Acts {
  const isBusy = useSignal(false)
  const failure = useSignal('')
  return useMemo(
    () => ({
      get isBusy() {
        return isBusy.value
      },
      get failure() {
        return failure.value
      },
      async act(does) {
        if (isBusy.peek()) return false
        isBusy.value = true
        failure.value = ''
        try {
          await does()
          return true
        } catch (thrown) {
          failure.value = thrown instanceof Error && thrown.message ? thrown.message : words().failed
          return false
        } finally {
          isBusy.value = false
          refreshTalks()
        }
      },
    }),
    [isBusy, failure],
  )
}

interface ActProps {
  acts: Acts
  does(): Promise<unknown>
  /** Said in full for who cannot see beside what it stands. */
  label?: string
  isPressed?: boolean | undefined
  kind?: 'primary' | 'quiet' | 'danger' | undefined
  children: ComponentChildren
}

/** Not disabled while something is under way: the focus would be lost. */
export function Act({ acts, does, label, isPressed, kind, children }: ActProps) {
  return (
    <button
      type="button"
      class={kind}
      aria-label={label}
      aria-pressed={isPressed}
      aria-disabled={acts.isBusy}
      onClick={() => void acts.act(does)}
    >
      {children}
    </button>
  )
}

export function Failure({ acts }: { acts: Acts }) {
  return (
    <p class="failure" role="alert">
      {acts.failure}
    </p>
  )
}
