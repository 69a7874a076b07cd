import { houseAdapters, housePlugins } from './registry.ts'
import { Settings } from './settings.ts'

/** The JSON Schema of `callbus.yaml` with the sections of every plugin and adapter of the house. */
export async function settingsSchema() {
  const { adapters, plugins, ...rest } = Settings.properties
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Callbus site settings',
    type: 'object',
    additionalProperties: false,
    properties: {
      ...Object.fromEntries(Object.entries(rest).map(([name, shape]) => [name, withOptionalDefaults(shape)])),
      adapters: sections(adapters, await houseAdapters()),
      plugins: sections(plugins, await housePlugins()),
    },
  }
}

function sections(about: object, things: { name: string; about: string; settings: object }[]) {
  const properties = things.map(({ name, about, settings }) => [
    name,
    { description: about, anyOf: [{ type: ['boolean', 'null'] }, withOptionalDefaults(settings)] },
  ])
  return { ...about, properties: Object.fromEntries(properties) }
}

/** What has a default need not be written. */
function withOptionalDefaults(shape: unknown): unknown {
  if (Array.isArray(shape)) return shape.map(withOptionalDefaults)
  if (typeof shape !== 'object' || shape === null) return shape
  const copy = Object.fromEntries(
    Object.entries(shape).map(([key, value]) => [key, withOptionalDefaults(value)]),
  )
  const properties = copy.properties as Record<string, { default?: unknown }> | undefined
  if (!Array.isArray(copy.required) || !properties) return copy
  const required = copy.required.filter((name: string) => properties[name]?.default === undefined)
  const { required: _all, ...rest } = copy
  return required.length > 0 ? { ...rest, required } : rest
}
