/** The documents that are written by the code: path inside the repository and what belongs there. */
import { settingsSchema } from '#core/settings-schema.ts'
import { asyncApiPage } from './asyncapi-page.ts'
import { factsPage } from './facts-page.ts'
import { dispatchDoorPage, dispatchProgramPage } from './openapi-pages.ts'

export async function pages(): Promise<Record<string, string>> {
  return {
    'docs/settings.schema.json': `${JSON.stringify(await settingsSchema(), null, 2)}\n`,
    'docs/facts.md': factsPage(),
    'docs/asyncapi.json': asyncApiPage(),
    'docs/dispatch-door.openapi.json': await dispatchDoorPage(),
    'docs/dispatch-program.openapi.json': await dispatchProgramPage(),
  }
}
