import type { Caller, Saying } from '#core/plugin.ts'
import type { Marks, NewMark } from './marks.ts'
import { words } from './words.ts'

export interface Question {
  about: NewMark
  text: Saying
}

interface MarkDesk {
  marks: Pick<Marks, 'ask' | 'give'>
  settings: { patience: number }
  /** Where key 0 leads; without it there is no such key. */
  operatorsPlace?: string
}

const markKeys = { 1: '1', 2: '2', 3: '3', 4: '4', 5: '5' } as const

/** One mark by key after another; what was answered before a restart is not asked again. Silence is an answer too. */
export async function askForMarks(
  caller: Caller,
  questions: readonly Question[],
  { marks, operatorsPlace, settings }: MarkDesk,
  greeting: readonly Saying[] = [],
): Promise<void> {
  const keys = operatorsPlace === undefined ? markKeys : { ...markKeys, 0: 'operator' as const }
  let first = greeting
  let given = 0
  for (const { about, text } of questions) {
    const row = await marks.ask(about)
    if (row.mark !== null) {
      given += 1
      continue
    }
    const key = await caller.choose([...first, text], keys, { attempts: 2, patience: settings.patience })
    first = []
    if (key === 'operator') return await caller.transferTo(operatorsPlace ?? '', 'asked how his trip was')
    if (key === undefined) return
    await marks.give(row, Number(key))
    given += 1
    caller.served('gave a mark')
  }
  if (given > 0) await caller.say(words.thanks)
}
