/** How much is asked of the exchange to take calls over: what a restart costs. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pino } from 'pino'
import { Value } from 'typebox/value'
import { realClock } from '#core/clock.ts'
import type { Ari } from './ari/ari.ts'
import { Settings } from './settings.ts'
import { openTelephony } from './telephony.ts'

const talks = 200
const waiting = 100

function channel(id: string, args: string, name = 'PJSIP/trunk-00000001') {
  const dialplan = { context: 'from-trunk', exten: '100', priority: 2, app_name: 'Stasis', app_data: args }
  return {
    id,
    name,
    state: 'Up',
    caller: { name: '', number: '+380671112233' },
    dialplan,
    creationtime: '2026-01-31T12:00:00.000+0000',
  }
}

test('a survey asks for three lists and at most three things of each caller who waits, nothing of who talks', async () => {
  const talking = Array.from({ length: talks }, (_, at) => [
    channel(`talking.${at}`, 'callbus,in,100'),
    channel(`cb-test-${at}`, `callbus,out,${at}`, 'PJSIP/101-00000002'),
  ])
  const others = Array.from({ length: waiting }, (_, at) => channel(`waiting.${at}`, 'callbus,in,100'))
  const lists: Record<string, unknown> = {
    channels: [...talking.flat(), ...others],
    bridges: talking.map((legs, at) => ({
      id: `cb-talk-${at}`,
      name: 'callbus',
      channels: legs.map(({ id }) => id),
    })),
    'recordings/stored': [],
  }
  const asked: string[] = []
  const ari: Ari = {
    onEvent: () => undefined,
    onState: () => undefined,
    async request(method, uri) {
      asked.push(`${method} ${uri}`)
      const list = method === 'GET' ? lists[uri] : undefined
      return { status: list ? 200 : 404, reason: '', body: list ? JSON.stringify(list) : '' }
    },
    fetchFile: async () => undefined,
    chooseLane: () => 0,
    listening: undefined,
    close: async () => undefined,
  }
  const telephony = openTelephony({
    ari,
    settings: Value.Default(Settings, { password: 'x' }) as Settings,
    report: () => undefined,
    clock: realClock,
    log: pino({ level: 'silent' }),
  })
  const survey = await telephony.survey(AbortSignal.timeout(10_000))
  telephony.close()
  assert.equal(survey.legs.length, 2 * talks + waiting)
  assert.equal(survey.legs.find(({ direction }) => direction === 'out')?.to, '101')
  assert.ok(asked.length <= 3 + 3 * waiting, `${asked.length} requests`)
})
