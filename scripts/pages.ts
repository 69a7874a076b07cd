/** The documents that are written by the code: path inside the repository and what belongs there. */
import { settingsSchema } from '#core/settings-schema.ts'
import { factsPage } from './facts-page.ts'
import { dispatchProgramPage } from './openapi-pages.ts'

export async function pages(): Promise<Record<string, string>> {
  return {
    'docs/settings.schema.json': `${JSON.stringify(await settingsSchema(), null, 2)}\n`,
    'docs/facts.md': factsPage(),
    'docs/dispatch-program.openapi.json': await dispatchProgramPage(),
  }
}
