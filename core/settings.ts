/** The settings of a site: one `callbus.yaml`, its shape, its defaults, and sentences for its mistakes. */
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { Compile } from 'typebox/compile'
import { Value } from 'typebox/value'
import { parse, type ScalarTag } from 'yaml'
import { DatabaseSettings } from './database/settings.ts'
import { CallbusError, reasonOf } from './errors.ts'
import { HttpSettings } from './http/settings.ts'
import { MqttSettings } from './mqtt/settings.ts'
import { Language, type Static, type TObject, type TSchema, Type } from './schema.ts'
import { VoiceSettings } from './voice/settings.ts'

const SiteSettings = Type.Object(
  {
    name: Type.String({
      pattern: '^[a-z0-9][a-z0-9-]{0,30}$',
      default: 'taxi',
      description: 'Short name of the site; part of MQTT topics and of ids at the exchange.',
    }),
    title: Type.String({ default: 'Taxi', description: 'Name of the company as people read it.' }),
    country: Type.String({
      pattern: '^[A-Z]{2}$',
      default: 'UA',
      description: 'ISO 3166 code; decides how national phone numbers are read.',
    }),
    language: Type.Unsafe<Static<typeof Language>>({
      ...Language,
      default: 'uk',
      description: 'Language of lines that name none.',
    }),
    timeZone: Type.String({ default: 'Europe/Kyiv', description: 'IANA name; the day of the reports.' }),
  },
  { additionalProperties: false, default: {}, description: 'What the whole site agrees on.' },
)

const LineSettings = Type.Object(
  {
    number: Type.String({
      description: 'As the exchange gives it; `*` for every number not listed.',
      default: '*',
    }),
    name: Type.String({ default: 'main' }),
    language: Type.Optional(Language),
    screens: Type.Optional(
      Type.Array(Type.String(), {
        description: 'Plugins whose verdicts count, in order. Default: all, as listed in `plugins`.',
      }),
    ),
    fallback: Type.String({
      default: 'operators',
      description: 'Where callers go when nothing else was decided or something broke.',
    }),
  },
  { additionalProperties: false },
)

const CallSettings = Type.Object(
  {
    dispatchDeadline: Type.Integer({
      default: 1_500,
      minimum: 100,
      maximum: 10_000,
      description: 'Milliseconds a caller waits for the dispatch program at most.',
    }),
    silenceDeadline: Type.Integer({
      default: 4_000,
      minimum: 1_000,
      maximum: 60_000,
      description:
        'Milliseconds a plugin may leave a caller without a word or music before a person takes over.',
    }),
    music: Type.String({
      default: 'default',
      description: 'Music class of the exchange for those who wait.',
    }),
    stopPatience: Type.Integer({
      default: 10,
      minimum: 0,
      maximum: 600,
      description: 'Seconds a stop waits for conversations to finish; talks go on without us.',
    }),
  },
  { additionalProperties: false, default: {} },
)

const Sections = Type.Record(
  Type.String(),
  Type.Union([Type.Boolean(), Type.Null(), Type.Record(Type.String(), Type.Unknown())]),
)

export const Settings = Type.Object(
  {
    site: SiteSettings,
    lines: Type.Array(LineSettings, {
      default: [{}],
      description: 'The public numbers and how their calls are received.',
    }),
    calls: CallSettings,
    http: HttpSettings,
    mqtt: MqttSettings,
    database: DatabaseSettings,
    voice: VoiceSettings,
    adapters: Type.Unsafe<Record<string, unknown>>({
      ...Sections,
      default: {},
      description: 'The exchange and the dispatch program, one section each.',
    }),
    plugins: Type.Unsafe<Record<string, unknown>>({
      ...Sections,
      default: { blacklist: {}, 'order-status': {}, operators: {}, recording: {}, console: {} },
      description: 'What runs, in the order in which verdicts count; `false` switches one off.',
    }),
  },
  { additionalProperties: false, title: 'Callbus site settings' },
)
export type Settings = Static<typeof Settings>

/** Reads `callbus.yaml`; throws `SETTINGS_UNREADABLE` or `SETTINGS_INVALID` with a sentence for each mistake. */
export function readSettings(file: string): Settings {
  let parsed: unknown
  try {
    parsed = parse(readFileSync(file, 'utf8'), { customTags: secretTags(dirname(file)) }) ?? {}
  } catch (thrown) {
    throw new CallbusError('SETTINGS_UNREADABLE', { file, reason: reasonOf(thrown) }, { cause: thrown })
  }
  return checkSettings(Settings, parsed, '')
}

/** Secrets never stand in the yaml: `!env NAME` and `!file PATH` stand for them. */
function secretTags(folder: string): ScalarTag[] {
  return [
    {
      tag: '!env',
      resolve(name, onError) {
        const value = process.env[name]
        if (value === undefined) onError(`the environment variable ${name} is not set`)
        return value ?? ''
      },
    },
    { tag: '!file', resolve: (path) => readFileSync(resolve(folder, path), 'utf8').trim() },
  ]
}

/** Fills defaults in and checks; `where` names the section in the sentences. */
export function checkSettings<Schema extends TObject>(
  schema: Schema,
  given: unknown,
  where: string,
): Static<Schema> {
  const settings = Value.Default(schema, given ?? {})
  const validator = Compile(schema)
  if (validator.Check(settings)) return settings as Static<Schema>
  const mistakes = validator
    .Errors(settings)
    .map((error) => explain(schema, settings, error as Mistake, where))
  throw new CallbusError('SETTINGS_INVALID', { mistakes: [...new Set(mistakes)].join('; ') })
}

interface Mistake {
  keyword: string
  instancePath: string
  params: Record<string, unknown>
  message: string
}

function explain(schema: TSchema, settings: unknown, mistake: Mistake, where: string): string {
  const path = [where, ...mistake.instancePath.split('/').filter(Boolean)].filter(Boolean).join('.')
  const unknown = mistake.params.additionalProperties
  if (mistake.keyword === 'additionalProperties' && Array.isArray(unknown)) {
    return unknown
      .map(
        (name) =>
          `\`${[path, name].filter(Boolean).join('.')}\` is not a setting${didYouMean(schema, mistake, String(name))}`,
      )
      .join('; ')
  }
  if (mistake.keyword === 'required')
    return `\`${path || 'the settings'}\` ${mistake.message.replace('must have', 'lacks')}`
  const value = Value.Pointer.Get(settings, mistake.instancePath)
  return `\`${path}\` ${mistake.message}, but is ${JSON.stringify(value)}`
}

function didYouMean(schema: TSchema, mistake: Mistake, name: string): string {
  let at: unknown = schema
  for (const step of mistake.instancePath.split('/').filter(Boolean)) {
    at = (at as { properties?: Record<string, unknown> } | undefined)?.properties?.[step]
  }
  const known = Object.keys((at as { properties?: object } | undefined)?.properties ?? {})
  const near = known.find((each) => distance(each, name) <= 2)
  return near ? `; did you mean \`${near}\`?` : `; it may be one of ${known.join(', ')}`
}

/** Levenshtein's number of edits between two words. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= other.length; j += 1) {
      const swap = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1)
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[other.length] ?? 0
}
