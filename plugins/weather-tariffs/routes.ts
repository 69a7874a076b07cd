import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyPluginAsync } from 'fastify'
import type { Clock } from '#core/clock.ts'
import { CallbusError } from '#core/errors.ts'
import { whoIs } from '#core/http/auth.ts'
import { Moment, Type } from '#core/schema.ts'
import type { Book } from './book.ts'
import { dryRun } from './dry-run.ts'
import { fromArchive } from './providers/open-meteo.ts'
import type { Policy } from './rules.ts'
import type { Settings } from './settings.ts'
import type { Tariffs } from './tariffs.ts'
import type { openWatch } from './watch.ts'
import { Weather } from './weather.ts'

const Percent = Type.Number({ minimum: 0, maximum: 500 })
const ZoneView = Type.Object({
  zone: Type.String(),
  rise: Percent,
  rules: Type.Array(Type.String()),
  because: Type.String(),
  by: Type.String(),
  changedAt: Type.Optional(Moment),
  weather: Type.Optional(Weather),
  weatherFrom: Type.Optional(Type.String()),
  isLost: Type.Boolean({ description: 'No weather has come for too long.' }),
  override: Type.Optional(
    Type.Object({ rise: Percent, until: Moment, by: Type.String(), because: Type.String() }),
  ),
})
const ChangeView = Type.Object({
  id: Type.Integer(),
  zone: Type.String(),
  at: Moment,
  before: Percent,
  rise: Percent,
  rules: Type.Array(Type.String()),
  because: Type.String(),
  by: Type.String(),
  weather: Type.Optional(Weather),
  doneAt: Type.Optional(
    Type.Integer({
      minimum: 0,
      description:
        'When the dispatch program had carried it out. Without it the last change of a zone is tried again, and an older one was overtaken by the next.',
    }),
  ),
})
const SpanView = Type.Object({
  from: Moment,
  to: Moment,
  rise: Percent,
  rules: Type.Array(Type.String()),
  because: Type.String(),
})
const Zone = Type.Object({ zone: Type.String() })
const strict = { additionalProperties: false } as const
/** A year, hour by hour. */
const largestArchive = 4_000_000

/** How the weather stands, what it did to prices and why, and what a person decides instead. */
export function weatherRoutes(parts: {
  book: Book
  clock: Clock
  policy: Policy
  settings: Settings
  tariffs: Tariffs
  watch: ReturnType<typeof openWatch>
}): FastifyPluginAsync {
  const { book, clock, policy, settings, tariffs, watch } = parts

  function toView(zone: string) {
    const { on: _, ...standing } = book.of(zone)
    const known = book.known(zone)
    const override = book.override(zone)
    return {
      ...standing,
      rules: [...standing.rules],
      isLost: watch.isLost(zone),
      ...(known && { weather: known.weather, weatherFrom: known.from }),
      ...(override && { override }),
    }
  }

  function known(zone: string) {
    if (!tariffs.zones.includes(zone)) throw new CallbusError('NOT_FOUND', { what: `zone ${zone}` })
    return zone
  }

  const routes: FastifyPluginAsyncTypebox = async (http) => {
    const State = Type.Object({ isOn: Type.Boolean(), zones: Type.Array(ZoneView) })
    const stateNow = () => ({ isOn: settings.isOn && !book.isOff, zones: tariffs.zones.map(toView) })

    http.get('/zones', {
      config: { right: 'tariffs.read' },
      schema: { summary: 'The weather and the mark-up of every zone now.', response: { 200: State } },
      handler: async () => stateNow(),
    })

    http.get('/history', {
      config: { right: 'tariffs.read' },
      schema: {
        summary: 'Every change with its reason, the latest first.',
        querystring: Type.Object({
          limit: Type.Integer({ default: 100, minimum: 1, maximum: 1_000 }),
          before: Type.Optional(Type.Integer({ description: 'Older than the change with this id.' })),
        }),
        response: { 200: Type.Object({ changes: Type.Array(ChangeView) }) },
      },
      async handler({ query }) {
        const changes = await book.history(query)
        return { changes: changes.map((change) => ({ ...change, rules: [...change.rules] })) }
      },
    })

    http.put('/zones/:zone/override', {
      config: { right: 'tariffs.edit' },
      schema: {
        summary: 'A person’s mark-up in place of the rules, for a while; 0 for the usual tariff.',
        params: Zone,
        body: Type.Object(
          {
            rise: Percent,
            minutes: Type.Integer({ minimum: 1, maximum: 10_080 }),
            because: Type.String({ minLength: 1, maxLength: 300 }),
          },
          strict,
        ),
        response: { 200: ZoneView },
      },
      async handler(request) {
        const { rise, minutes, because } = request.body
        const zone = known(request.params.zone)
        const by = `user:${whoIs(request).user.name}`.slice(0, 100)
        await tariffs.override(zone, { rise, until: clock.now() + minutes * 60_000, by, because })
        return toView(zone)
      },
    })

    http.delete('/zones/:zone/override', {
      config: { right: 'tariffs.edit' },
      schema: { summary: 'Back to the rules.', params: Zone, response: { 200: ZoneView } },
      async handler({ params }) {
        const zone = known(params.zone)
        await tariffs.override(zone, undefined)
        return toView(zone)
      },
    })

    http.put('/switch', {
      config: { right: 'tariffs.edit' },
      schema: {
        summary: 'Switches weather tariffs off, which puts every tariff back, or on again.',
        body: Type.Object({ isOn: Type.Boolean() }, strict),
        response: { 200: State },
      },
      async handler({ body }) {
        await tariffs.switchOff(!body.isOn)
        return stateNow()
      },
    })

    http.post('/dry-run', {
      config: { right: 'tariffs.read' },
      bodyLimit: largestArchive,
      schema: {
        summary: 'When the rules would have fired over past weather. Nothing is changed.',
        description:
          'Takes `readings` in our own words, or the hourly answer of an Open-Meteo archive as it is.',
        querystring: Type.Object({ zone: Type.Optional(Type.String()) }),
        body: Type.Object({ readings: Type.Optional(Type.Array(Weather)) }),
        response: {
          200: Type.Object({
            from: Moment,
            to: Moment,
            changes: Type.Integer(),
            hours: Type.Number({ description: 'With a mark-up.' }),
            spans: Type.Array(SpanView),
          }),
        },
      },
      async handler({ body, query }) {
        const readings = body.readings ?? fromArchive(body)
        if (!readings) {
          const mistakes = 'there are neither `readings` nor the `hourly` weather of an archive'
          throw new CallbusError('REQUEST_INVALID', { mistakes })
        }
        const zone = query.zone ?? tariffs.zones[0] ?? 'somewhere'
        const run = dryRun(readings, policy, { zone, lastKnownFor: settings.lastKnownFor * 60_000 })
        return { ...run, spans: run.spans.map((span) => ({ ...span, rules: [...span.rules] })) }
      },
    })
  }
  return routes as FastifyPluginAsync
}
