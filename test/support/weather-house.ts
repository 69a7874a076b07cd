/** weather-tariffs in a house of its own, beside a dispatch program in memory and a provider on loopback. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import type { Attribute, Dispatch, DispatchVerb, OrderChange } from '#core/ports/dispatch.ts'
import { plugin } from '../../plugins/weather-tariffs/plugin.ts'
import { startTestApp, type TestAppOptions } from './test-app.ts'
import { settled } from './test-clock.ts'
import { until } from './until.ts'

export const minute = 60_000
type App = Awaited<ReturnType<typeof startTestApp>>

/** Global attributes as the dispatch program keeps them. */
function openDispatch() {
  const values = new Map<string, Attribute['value']>([['1', 7]])
  const sets: Attribute[] = []
  const events: { code: string; data: Readonly<Record<string, unknown>> }[] = []
  const orders: { order: string; change: OrderChange }[] = []
  let broken = false
  let isHeld = false
  const refused = new Set<string>()
  const dispatch: Partial<Dispatch> = {
    capabilities: new Set<DispatchVerb>(['attributes', 'setAttribute', 'runEvent', 'updateOrder']),
    async attributes() {
      if (broken) throw new Error('it is away')
      return [...values].map(([id, value]) => ({ id, value }))
    },
    async setAttribute(attribute, signal) {
      if (refused.has(attribute.id)) return 'refused'
      sets.push(attribute)
      values.set(attribute.id, attribute.value)
      if (isHeld) await once(signal, 'abort').then(() => signal.throwIfAborted())
      return 'set'
    },
    async runEvent(code, data) {
      events.push({ code, data })
      return 'run'
    },
    async updateOrder(order, change) {
      orders.push({ order, change })
      return { outcome: 'changed' }
    },
  }
  return {
    dispatch,
    values,
    sets,
    events,
    orders,
    refused,
    breakDown(isBroken: boolean) {
      broken = isBroken
    },
    /** It does what it is told and never says so. */
    holdAnswers(holds: boolean) {
      isHeld = holds
    },
  }
}

interface Sky {
  snowfall: number
  /** What else Open-Meteo says of now. */
  more: object
  isAway: boolean
}

async function openProvider(t: TestContext, now: () => number) {
  const sky: Sky = { snowfall: 0, more: {}, isAway: false }
  const server = createServer((_, response) => {
    if (sky.isAway) return void response.writeHead(503).end()
    const time = now() / 1_000
    const current = { time, interval: 3_600, temperature_2m: -1, snowfall: sky.snowfall, ...sky.more }
    response.end(JSON.stringify({ current }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return { sky, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

export const rules = [{ name: 'snowfall', is: 'snow', from: 1, until: 0.5, rise: 20 }]

export async function openWeather(t: TestContext, more: object = {}) {
  const world = openDispatch()
  let app: App | undefined
  const { sky, url } = await openProvider(t, () => app?.clock.now() ?? 0)
  const settings = {
    zones: [{ name: 'city', latitude: 50, longitude: 30 }],
    openMeteo: { url },
    poll: '* * * * *',
    lastKnownFor: 20,
    rules,
    attributes: [{ id: '1' }],
    ...more,
  }

  async function start(options: Partial<TestAppOptions> = {}) {
    app = await startTestApp(t, { plugin, settings, dispatch: world.dispatch, ...options })
    app.http.addHook('onRequest', async (request) => {
      Object.assign(request, { who: { user: { name: 'ann' } } })
    })
    return app
  }
  const here = () => {
    if (!app) throw new Error('the house is not open')
    return app
  }

  async function ask(method: 'GET' | 'PUT' | 'POST' | 'DELETE', path: string, body?: object) {
    const url = `/api/plugins/weather-tariffs${path}`
    const answer = await here().http.inject({ method, url, ...(body && { payload: body }) })
    assert.equal(answer.statusCode, 200, answer.body)
    return answer.json()
  }

  return {
    ...world,
    sky,
    start,
    ask,
    changes: () =>
      here()
        .factsNamed('tariff.changed')
        .map(({ data }) => [data.before, data.rise]),
    /** Minute by minute; each ends once what the provider says of it has been looked at. */
    async passes(minutes: number) {
      for (let passed = 0; passed < minutes; passed += 1) {
        const { clock } = here()
        await clock.advance(minute - (clock.now() % minute))
        if (sky.isAway) await new Promise((resolve) => setTimeout(resolve, 15))
        else
          await until(async () => (await ask('GET', '/zones')).zones[0].weather?.at === clock.now(), {
            what: 'the weather of this minute',
          })
        await settled()
      }
    },
    rise: async () => (await ask('GET', '/zones')).zones[0].rise as number,
  }
}
