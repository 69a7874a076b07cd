/** The settings of a site: one `callbus.yaml`, its shape, its defaults, and sentences for its mistakes. */
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { isSupportedCountry } from 'libphonenumber-js/max'
import { Settings as TypeBoxSettings } from 'typebox/system'
import { Value } from 'typebox/value'
import { parse, type ScalarTag } from 'yaml'
import { DatabaseSettings } from './database/settings.ts'
import { CallbusError, reasonOf } from './errors.ts'
import { HttpSettings } from './http/settings.ts'
import { MessageSettings } from './messages/settings.ts'
import { MqttSettings } from './mqtt/settings.ts'
import { Language, PlaceName, type Static, type TObject, Type } from './schema.ts'
import { type Finding, toSentences } from './settings-mistakes.ts'
import { VoiceSettings } from './voice/settings.ts'

// Its own limit of eight would hide mistakes behind others.
TypeBoxSettings.Set({ maxErrors: 200 })

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
    secondLine: Type.Boolean({
      default: false,
      description:
        'The phone of an operator who talks may ring for one more call, in a queue when nobody free fits; otherwise it counts as busy.',
    }),
  },
  { additionalProperties: false, default: {}, description: 'What the whole site agrees on.' },
)

const Detail = (description: string) =>
  Type.Optional(Type.String({ minLength: 1, maxLength: 200, description }))

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
        description:
          'Plugins whose verdicts count, in order. Default: all, as listed in `plugins`; those that have to come before others do.',
      }),
    ),
    fallback: PlaceName({
      default: 'operators',
      description:
        'The queue or other place where callers go when nothing else was decided or something broke.',
    }),
    city: Detail('The city it serves.'),
    brand: Detail('The name callers know the company by here.'),
    crewGroup: Detail('The crews that serve it, as the dispatch program names their group.'),
    tariff: Detail('Its tariff, as the dispatch program names it.'),
    venue: Detail('The address where its telephone stands: a hotel, a station.'),
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
    outgoingAtMost: Type.Integer({
      default: 10,
      minimum: 1,
      maximum: 1_000,
      description:
        'Calls we make at once, from the first ring to the hang-up; more wait for their turn, so that callers find free lines. Set it to the share of the trunk that callers can spare; a client joined with a driver is one call and two lines.',
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
    messages: MessageSettings,
    adapters: Type.Unsafe<Record<string, unknown>>({
      ...Sections,
      default: {},
      description:
        'The exchange, the dispatch program, the speech service and the ways people are told by, one section each.',
    }),
    plugins: Type.Unsafe<Record<string, unknown>>({
      ...Sections,
      default: {
        blacklist: {},
        'driver-bridge': {},
        'repeat-caller': {},
        'order-status': {},
        operators: {},
        recording: {},
        'call-record-links': {},
        'dispatch-door': {},
        console: {},
      },
      description: 'What runs, in the order in which verdicts count; `false` switches one off.',
    }),
  },
  { additionalProperties: false, title: 'Callbus site settings' },
)
export type Settings = Static<typeof Settings>

/** `SETTINGS_INVALID` with its mistakes one by one. */
export class SettingsInvalid extends CallbusError {
  readonly mistakes: readonly string[]

  constructor(mistakes: readonly string[]) {
    super('SETTINGS_INVALID', { mistakes: mistakes.join('; ') })
    this.mistakes = mistakes
  }
}

/** Reads `callbus.yaml`; throws `SETTINGS_UNREADABLE` or `SETTINGS_INVALID` with a sentence for each mistake. */
export function readSettings(file: string): Settings {
  return parseSettings(readText(file), file)
}

/** The same from the text of the file; `file` names it in sentences and is where `!file` starts from. */
export function parseSettings(text: string, file: string): Settings {
  const settings = checkSettings(Settings, parseYaml(text, file), '')
  const mistakes = mistakesOfSite(settings.site)
  if (mistakes.length > 0) throw new SettingsInvalid(mistakes)
  return settings
}

/** What the shape of the settings does not tell. */
function mistakesOfSite({ country, timeZone }: Settings['site']): string[] {
  return [
    ...(isSupportedCountry(country)
      ? []
      : [`\`site.country\` must be the ISO 3166 code of a country with telephones, but is "${country}"`]),
    ...(isTimeZone(timeZone)
      ? []
      : [`\`site.timeZone\` must be an IANA name, for example Europe/Kyiv, but is "${timeZone}"`]),
  ]
}

function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }))
  } catch {
    return false
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (thrown) {
    const reason = isMissing(thrown) ? 'there is no such file' : reasonOf(thrown)
    throw new CallbusError('SETTINGS_UNREADABLE', { file, reason }, { cause: thrown })
  }
}

function parseYaml(text: string, file: string): unknown {
  try {
    const parsed: unknown = parse(text, { customTags: secretTags(dirname(file)), logLevel: 'error' }) ?? {}
    if (holdsItself(parsed)) throw new Error('an anchor (&) holds its own alias (*)')
    return parsed
  } catch (thrown) {
    // The lines that follow show the text itself, and with it perhaps a secret.
    const reason = reasonOf(thrown).split('\n')[0]?.replace(/:$/, '') ?? ''
    throw new CallbusError('SETTINGS_UNREADABLE', { file, reason }, { cause: thrown })
  }
}

function holdsItself(value: unknown, around: readonly unknown[] = []): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (around.includes(value)) return true
  return Object.values(value).some((each) => holdsItself(each, [...around, value]))
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
    {
      tag: '!file',
      resolve(path, onError) {
        try {
          return readFileSync(resolve(folder, path), 'utf8').trim()
        } catch (thrown) {
          onError(
            `the file ${path} ${isMissing(thrown) ? 'does not exist' : `cannot be read (${reasonOf(thrown)})`}`,
          )
          return ''
        }
      },
    },
  ]
}

function isMissing(thrown: unknown): boolean {
  return (thrown as NodeJS.ErrnoException).code === 'ENOENT'
}

/** Fills defaults in and checks; `where` names the section in the sentences. */
export function checkSettings<Schema extends TObject>(
  schema: Schema,
  given: unknown,
  where: string,
): Static<Schema> {
  const settings = Value.Default(schema, given ?? {})
  if (Value.Check(schema, settings)) return settings as Static<Schema>
  throw new SettingsInvalid(
    toSentences(Value.Errors(schema, settings) as Finding[], { schema, settings, where }),
  )
}
