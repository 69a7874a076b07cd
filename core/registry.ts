/** Finds plugins and adapters by name; core meets them nowhere else. */
import { existsSync, readdirSync } from 'node:fs'
import { createRequire, registerHooks } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Adapter } from './adapter.ts'
import { CallbusError } from './errors.ts'
import type { Plugin } from './plugin.ts'

/** The folder that holds `core/`, `plugins/` and `adapters/`. */
export const houseFolder = join(import.meta.dirname, '..')

/** The company's own plugins import `callbus/…`, wherever their site lies; that is this house. */
const houseUrl = pathToFileURL(join(houseFolder, 'package.json')).href
registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier, specifier.startsWith('callbus/') ? { ...context, parentURL: houseUrl } : context),
})

/** The company's own plugin first, then ours, then the npm package `callbus-plugin-<name>`. */
export async function findPlugin(name: string, siteFolder: string): Promise<Plugin> {
  const files = [
    join(siteFolder, 'plugins', name, 'plugin.ts'),
    join(siteFolder, 'plugins', `${name}.ts`),
    join(houseFolder, 'plugins', name, 'plugin.ts'),
  ]
  const file = files.find((each) => existsSync(each))
  const source = file ? pathToFileURL(file).href : packageOf(`callbus-plugin-${name}`, siteFolder)
  if (!source) throw new CallbusError('PLUGIN_UNKNOWN', { plugin: name })
  const { plugin } = (await import(source)) as { plugin?: Plugin }
  if (!plugin) throw new CallbusError('PLUGIN_UNKNOWN', { plugin: name })
  return plugin
}

export async function findAdapter(name: string, siteFolder: string): Promise<Adapter> {
  const file = join(houseFolder, 'adapters', name, 'adapter.ts')
  const source = existsSync(file)
    ? pathToFileURL(file).href
    : packageOf(`callbus-adapter-${name}`, siteFolder)
  if (!source) throw new CallbusError('ADAPTER_UNKNOWN', { adapter: name })
  const { adapter } = (await import(source)) as { adapter?: Adapter }
  if (!adapter) throw new CallbusError('ADAPTER_UNKNOWN', { adapter: name })
  return adapter
}

/** What the sections name, in their order; one that cannot be found stops the start unless `skip` takes it. */
export async function findAll<Thing>(
  sections: Record<string, unknown>,
  folder: string,
  find: (name: string, folder: string) => Promise<Thing>,
  skip?: (name: string, thrown: unknown) => void,
): Promise<Thing[]> {
  const things: Thing[] = []
  for (const [name, section] of Object.entries(sections)) {
    if (section === false) continue
    try {
      things.push(await find(name, folder))
    } catch (thrown) {
      if (!skip) throw thrown
      skip(name, thrown)
    }
  }
  return things
}

/** Every adapter that lives in the house. */
export function houseAdapters(): Promise<Adapter[]> {
  return Promise.all(roomsOf('adapters', 'adapter.ts').map((name) => findAdapter(name, houseFolder)))
}

export function housePlugins(): Promise<Plugin[]> {
  return Promise.all(roomsOf('plugins', 'plugin.ts').map((name) => findPlugin(name, houseFolder)))
}

function roomsOf(wing: string, entrance: string): string[] {
  return readdirSync(join(houseFolder, wing)).filter((name) =>
    existsSync(join(houseFolder, wing, name, entrance)),
  )
}

function packageOf(name: string, siteFolder: string): string | undefined {
  const folder = [siteFolder, houseFolder].find((each) =>
    existsSync(join(each, 'node_modules', name, 'package.json')),
  )
  return folder ? pathToFileURL(createRequire(join(folder, 'package.json')).resolve(name)).href : undefined
}
