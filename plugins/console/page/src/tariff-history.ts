/** Changes of tariffs as this page knows and tells them. Pure. */
import type { Change } from './tariffs-api.ts'

/** The changes known, the latest first, with what the house says of its latest ones. */
export function withLatest(known: readonly Change[], latest: readonly Change[], asked: number): Change[] {
  const oldest = latest.at(-1)
  // A full answer that does not reach what we know leaves a hole: what is behind it is asked for again.
  const isWhole = latest.length < asked || known.some(({ id }) => id === oldest?.id)
  const older = oldest && isWhole ? known.filter(({ id }) => id < oldest.id) : []
  return [...latest, ...older]
}

export type Effect = 'done' | 'waiting' | 'overtaken'

/** What became of it in the dispatch program. */
export function effectOf(change: Change, changes: readonly Change[]): Effect {
  if (change.doneAt !== undefined) return 'done'
  return changes.some(({ zone, id }) => zone === change.zone && id > change.id) ? 'overtaken' : 'waiting'
}

export interface Reason {
  /** A sentence of the house, or of a person. */
  says: string
  /** Whose decision was over. */
  after?: string
}

/** The names of its rules tell it better, where there are any. */
export function reasonOf({ rules, because, by }: Pick<Change, 'rules' | 'because' | 'by'>): Reason {
  if (by !== 'weather') return { says: because }
  if (rules.length > 0) return { says: rules.join(', ') }
  const [, says = because, after] = /^(.+?) after (.+)$/.exec(because) ?? []
  return { says, ...(after !== undefined && { after }) }
}

/** `user:ann` is ann. */
export function personOf(by: string): string {
  return by.replace(/^user:/, '')
}
