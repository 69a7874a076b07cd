import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { houseFolder } from '../registry.ts'
import { readSettings, type Settings } from '../settings.ts'
import { Misuse } from './misuse.ts'

/** A site as the command line names it. */
export interface NamedSite {
  folder: string
  /** Its settings file. */
  file: string
  /** No site was named and none lies here: the living company with simulated neighbours. */
  isLivingCompany: boolean
}

/** `--site FOLDER`, else the present folder when it holds a `callbus.yaml`, else the living company. */
export function findSite(words: string[]): NamedSite {
  const { values } = parseArgs({
    args: words,
    options: { site: { type: 'string' } },
    allowPositionals: true,
    strict: false,
  })
  if (typeof values.site === 'boolean' || values.site === '') {
    throw new Misuse('Write the folder of the site after --site, for example --site /etc/callbus')
  }
  const folder = resolve(values.site ?? '.')
  const file = join(folder, 'callbus.yaml')
  if (values.site !== undefined || existsSync(file)) return { folder, file, isLivingCompany: false }
  return { folder, file: join(houseFolder, 'core', 'living-company.yaml'), isLivingCompany: true }
}

export function siteOf(words: string[]): NamedSite & { settings: Settings } {
  const site = findSite(words)
  return { ...site, settings: readSettings(site.file) }
}
