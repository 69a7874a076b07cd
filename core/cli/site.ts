import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { houseFolder } from '../registry.ts'
import { readSettings, type Settings } from '../settings.ts'

/** A site as the command line names it. */
export interface NamedSite {
  folder: string
  settings: Settings
  /** No site was named and none lies here: the living company with simulated neighbours. */
  isLivingCompany: boolean
}

/** `--site FOLDER`, else the present folder when it holds a `callbus.yaml`, else the living company. */
export function siteOf(words: string[]): NamedSite {
  const { values } = parseArgs({
    args: words,
    options: { site: { type: 'string' } },
    allowPositionals: true,
    strict: false,
  })
  const folder = resolve((values.site as string | undefined) ?? '.')
  const file = join(folder, 'callbus.yaml')
  if (values.site !== undefined || existsSync(file)) {
    return { folder, settings: readSettings(file), isLivingCompany: false }
  }
  return {
    folder,
    settings: readSettings(join(houseFolder, 'core', 'living-company.yaml')),
    isLivingCompany: true,
  }
}
