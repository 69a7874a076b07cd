/**
 * Writes `types.ts` from the API description that every Asterisk installs:
 *
 *     node adapters/asterisk/ari/generate-types.ts /usr/share/asterisk/rest-api
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

interface Model {
  properties: Record<string, { type: string; required?: boolean; allowableValues?: { values: string[] } }>
  subTypes?: string[]
}

const wanted = [
  'events',
  'channels',
  'bridges',
  'playbacks',
  'recordings',
  'endpoints',
  'deviceStates',
  'asterisk',
]
const plain: Record<string, string> = {
  string: 'string',
  int: 'number',
  long: 'number',
  double: 'number',
  boolean: 'boolean',
  Date: 'string',
  object: 'unknown',
  binary: 'unknown',
  containers: 'unknown',
}

function readModels(folder: string): Map<string, Model> {
  const models = new Map<string, Model>()
  for (const resource of wanted) {
    const text = readFileSync(join(folder, `${resource}.json`), 'utf8')
    const described = JSON.parse(text) as { models: Record<string, Model> }
    for (const [name, model] of Object.entries(described.models)) {
      if (resource === 'events' || Object.keys(model.properties).length > 0) models.set(name, model)
    }
  }
  return models
}

function toType(type: string, models: ReadonlyMap<string, Model>): string {
  const list = /^List\[(.+)\]$/.exec(type)?.[1]
  if (list) return `${toType(list, models)}[]`
  if (models.has(type)) return type
  return plain[type] ?? 'unknown'
}

function toInterface(
  name: string,
  model: Model,
  models: ReadonlyMap<string, Model>,
  isEvent: boolean,
): string {
  const lines = Object.entries(model.properties).map(([key, { type, required, allowableValues }]) => {
    const values = allowableValues?.values?.map((value) => `'${value}'`).join(' | ')
    return `  ${key}${required ? '' : '?'}: ${type === 'string' && values ? values : toType(type, models)}`
  })
  if (isEvent) lines.unshift(`  type: '${name}'`)
  return `export interface ${name}${isEvent ? ' extends EventBase' : ''} {\n${lines.join('\n')}\n}\n`
}

function toSource(models: ReadonlyMap<string, Model>): string {
  const events = new Set(models.get('Event')?.subTypes ?? [])
  const shells = new Set(['Message', 'Event'])
  const interfaces = [...models]
    .filter(([name]) => !shells.has(name))
    .map(([name, model]) => toInterface(name, model, models, events.has(name)))

  return [
    "/** Written by `generate-types.ts` from Asterisk's own API description; do not edit. */\n",
    'interface EventBase {\n  application: string\n  timestamp: string\n  asterisk_id?: string\n}\n',
    ...interfaces,
    `export type AriEvent =\n${[...events].map((name) => `  | ${name}`).join('\n')}\n`,
  ].join('\n')
}

const folder = process.argv[2]
if (!folder) throw new Error('Say where the rest-api folder of an Asterisk is.')
writeFileSync(join(import.meta.dirname, 'types.ts'), toSource(readModels(folder)))
