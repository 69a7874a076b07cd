import { validate } from 'node-cron'
import { didYouMean } from '#core/did-you-mean.ts'
import { oneOf, type Static, Type } from '#core/schema.ts'
import { kinds } from './weather.ts'

const strict = { additionalProperties: false } as const
const Time = Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$', examples: ['22:00'] })
const Url = Type.String({ pattern: '^https?://' })

const RuleSettings = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 60, description: 'Shown in the history; unique.' }),
    is: oneOf(kinds, { description: 'The weather it waits for.' }),
    from: Type.Optional(
      Type.Number({
        description:
          'Where it begins: mm/h for rain and snow (as water), °C for frost and heat, m/s for wind. By default 2.5 mm/h of rain, 0.5 of snow, −20 °C, 33 °C, 17 m/s.',
      }),
    ),
    until: Type.Optional(
      Type.Number({ description: 'Where it ends, milder than `from`, so that it does not flutter.' }),
    ),
    rise: Type.Number({ minimum: 0, maximum: 500, description: 'Percent on the usual tariff.' }),
    hours: Type.Optional(
      Type.Object({ from: Time, to: Time }, { ...strict, description: 'Counts only then.' }),
    ),
    zones: Type.Optional(
      Type.Array(Type.String(), { description: 'Counts only there; without it everywhere.' }),
    ),
  },
  strict,
)

const AttributeSettings = Type.Object(
  {
    id: Type.String({ minLength: 1, description: 'Of the dispatch program’s global attribute.' }),
    shows: oneOf(['rise', 'is-on', 'rule', 'temperature', 'rain', 'snow', 'wind'], {
      default: 'rise',
      description:
        'What is written while a mark-up is in effect: its percent, yes, the name of its first rule, or a number of the weather. What stood there before is put back afterwards.',
    }),
    zone: Type.Optional(
      Type.String({ description: 'Whose weather; without it that of the zone with the largest mark-up.' }),
    ),
  },
  strict,
)

const providerNames = ['open-meteo', 'openweather', 'gismeteo'] as const
export type ProviderName = (typeof providerNames)[number]

export const Settings = Type.Object(
  {
    isOn: Type.Boolean({
      default: true,
      description: 'False puts every tariff back to what it was and leaves it there.',
    }),
    zones: Type.Array(
      Type.Object(
        {
          name: Type.String({ minLength: 1, maxLength: 60 }),
          latitude: Type.Number({ minimum: -90, maximum: 90 }),
          longitude: Type.Number({ minimum: -180, maximum: 180 }),
        },
        strict,
      ),
      { default: [], description: 'Where the weather is asked for.' },
    ),
    providers: Type.Array(oneOf(providerNames), {
      default: ['open-meteo'],
      description: 'Who is asked; the next one when one does not answer.',
    }),
    openMeteo: Type.Object(
      {
        url: Type.String({ ...Url, default: 'https://api.open-meteo.com' }),
        key: Type.Optional(Type.String({ description: 'Of paying customers.' })),
      },
      { ...strict, default: {} },
    ),
    openWeather: Type.Object(
      {
        url: Type.String({ ...Url, default: 'https://api.openweathermap.org' }),
        key: Type.Optional(Type.String()),
      },
      { ...strict, default: {} },
    ),
    gismeteo: Type.Object(
      {
        url: Type.String({ ...Url, default: 'https://api.gismeteo.net' }),
        key: Type.Optional(Type.String()),
      },
      { ...strict, default: {} },
    ),
    poll: Type.String({
      default: '*/10 * * * *',
      description: 'When the weather is asked for: five fields of cron, in the time of the site.',
    }),
    askFor: Type.Integer({
      default: 10,
      minimum: 1,
      maximum: 60,
      description: 'Seconds a provider has to answer.',
    }),
    lastKnownFor: Type.Integer({
      default: 60,
      minimum: 1,
      maximum: 1_440,
      description:
        'Minutes the last known weather counts while no provider answers; then the usual tariff comes back, with an alarm.',
    }),
    rules: Type.Array(RuleSettings, { default: [], description: 'When a mark-up is put on.' }),
    together: oneOf(['largest', 'sum'], {
      default: 'largest',
      description: 'What several rules at once come to.',
    }),
    maximumRise: Type.Number({
      default: 50,
      minimum: 0,
      maximum: 500,
      description: 'Percent that nothing exceeds: no rule, no sum, no person.',
    }),
    dwell: Type.Integer({
      default: 30,
      minimum: 0,
      maximum: 1_440,
      description: 'Minutes at least between two changes that the weather makes.',
    }),
    attributes: Type.Array(AttributeSettings, {
      default: [],
      description: 'Global attributes that the dispatch program’s own tariff rules look at.',
    }),
    event: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          'Code of a system event of the dispatch program that is run at each change with zone, rise, rules and weather.',
      }),
    ),
    orders: Type.Optional(
      Type.Object(
        {
          tariffId: Type.Optional(Type.String()),
          discountId: Type.Optional(Type.String()),
          attribute: Type.Optional(
            Type.Object(
              {
                id: Type.String(),
                value: Type.Optional(
                  Type.Union([Type.Boolean(), Type.Number(), Type.String()], {
                    description: 'Default: the percent.',
                  }),
                ),
              },
              strict,
            ),
          ),
          zone: Type.Optional(
            Type.String({ description: 'Whose mark-up counts; without it the largest there is.' }),
          ),
        },
        {
          ...strict,
          description:
            'Each new order is changed and counted anew while a mark-up is in effect. A price told is not changed afterwards.',
        },
      ),
    ),
    cardSeconds: Type.Integer({
      default: 0,
      minimum: 0,
      maximum: 3_600,
      description: 'How long dispatchers see a change on their screens; 0 shows nothing there.',
    }),
    restoreOnStop: Type.Boolean({
      default: false,
      description: 'Puts the usual tariff back whenever Callbus stops, also for an update.',
    }),
  },
  { additionalProperties: false, default: {} },
)
export type Settings = Static<typeof Settings>

/** A rule that could never count is no rule, and who pays is to be sure of what he set. */
export function mistakesIn({ attributes, orders, poll, rules, zones }: Settings): string[] {
  const known = zones.map(({ name }) => name)
  const names = rules.map(({ name }) => name)
  const ids = attributes.map(({ id }) => id)
  const named = [
    ...rules.flatMap(
      (rule, index) => rule.zones?.map((zone) => ({ at: `rules.${index}.zones`, zone })) ?? [],
    ),
    ...attributes.map(({ zone }, index) => ({ at: `attributes.${index}.zone`, zone })),
    { at: 'orders.zone', zone: orders?.zone },
  ]
  return [
    ...twice(known).map((name) => `\`zones\` names \`${name}\` twice`),
    ...twice(names).map((name) => `\`rules\` names \`${name}\` twice`),
    ...twice(ids).map((id) => `\`attributes\` names \`${id}\` twice`),
    ...named.flatMap(({ at, zone }) =>
      zone === undefined || known.includes(zone)
        ? []
        : [`\`${at}\` names the zone \`${zone}\`, which is not there${didYouMean(zone, known)}`],
    ),
    ...(validate(poll) ? [] : [`\`poll\` is no schedule of cron: \`${poll}\``]),
  ]
}

const twice = (names: readonly string[]) => [
  ...new Set(names.filter((name, index) => names.indexOf(name) < index)),
]
