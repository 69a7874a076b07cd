/** What people run as `callbus WORD`, of an adapter or a plugin. */
import type { FactsOfSite } from './adapter.ts'
import type { Static, TObject } from './schema.ts'

export interface OwnCommand<Settings extends TObject = TObject> {
  about: string
  /** What it takes besides `--site FOLDER`. */
  takes?: string
  /** Answers with the exit code of the process. */
  run(call: OwnCall<Settings>): Promise<number>
}

export interface OwnCall<Settings extends TObject = TObject> {
  settings: Static<Settings>
  words: string[]
  print(text: string): void
  facts: FactsOfSite
  timeZone: string
}
