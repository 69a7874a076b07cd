/** `kill -9` right after Taxi-Master was told that its script has started. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import SQLite from 'better-sqlite3'
import { stringify } from 'yaml'
import type { IntentRow } from '#core/database/tables.ts'
import { settingsFor } from '../../adapters/taxi-master/simulator/company.ts'
import { startTaxiMasterSimulator } from '../../adapters/taxi-master/simulator/simulator.ts'
import { startCallbus } from '../support/command.ts'
import { freePort } from '../support/ports.ts'
import { makeSite } from '../support/site.ts'
import { until } from '../support/until.ts'

const call = '/execsvcscript?name=car_arrived&startparam1=0670000001&startparam2=&startparam3=0&startparam4='

/** A site with a plugin that writes down each request it hears; told to be slow, it never finishes. */
async function openWorld(t: TestContext) {
  const cleanup = new AsyncDisposableStack()
  t.after(() => cleanup.disposeAsync())
  const taxiMaster = await startTaxiMasterSimulator()
  cleanup.defer(() => taxiMaster.stop())
  const port = await freePort()
  const door = { host: '127.0.0.1', port, scripts: { car_arrived: 'arrived' }, repeatSeconds: 600 }
  const settings = {
    site: { name: 'test', country: 'UA', language: 'en' },
    http: { port: 0 },
    mqtt: { port: 0 },
    calls: { stopPatience: 0 },
    voice: { engines: ['silent'] },
    adapters: { asterisk: { simulated: true }, 'taxi-master': { ...settingsFor(taxiMaster), door } },
    plugins: { witness: {} },
  }
  const site = cleanup.use(await makeSite(stringify(settings)))
  const read = (file: string) => readFile(join(site.folder, file), 'utf8').catch(() => '')

  await site.write(
    'plugins/witness.ts',
    `import { appendFileSync, existsSync } from 'node:fs'
import { definePlugin, Type } from 'callbus/plugin'

export const plugin = definePlugin({
  name: 'witness',
  about: 'Writes down what it hears.',
  settings: Type.Object({}),
  start({ bus, site }) {
    bus.on('callback.requested', async ({ request }) => {
      appendFileSync(site.folder + '/heard', request + '\\n')
      if (existsSync(site.folder + '/be-slow')) await new Promise(() => {})
    })
  },
})
`,
  )

  function rows<Row>(sql: string): Row[] {
    const database = new SQLite(join(site.folder, 'data/callbus.sqlite'), { readonly: true })
    try {
      return database.prepare(sql).all() as Row[]
    } finally {
      database.close()
    }
  }

  return {
    site,
    taxiMaster,
    lock() {
      const database = new SQLite(join(site.folder, 'data/callbus.sqlite'))
      database.exec('begin immediate')
      return () => void database.close()
    },
    heard: async () => (await read('heard')).split('\n').filter(Boolean),
    facts: () => rows<object>("select id from facts where name = 'callback.requested'"),
    requests: () => rows<IntentRow>("select * from intents where kind = 'request'"),
    ask: (order = '123') => fetch(`http://127.0.0.1:${port}${call}${order}`),
    async start() {
      const house = startCallbus(['start'], { folder: site.folder })
      await house.prints(/Console: /)
      return { kill: () => house[Symbol.asyncDispose]() }
    },
  }
}

test('killed right after the answer: the fact is there, told once to whoever is there now', async (t) => {
  const world = await openWorld(t)
  const first = await world.start()
  assert.equal((await world.ask()).status, 200)
  await first.kill()
  assert.equal(world.requests().length, 1, 'it was on the disk before the answer')
  const heardBefore = await world.heard()

  const second = await world.start()
  t.after(second.kill)
  await until(() => world.requests()[0]?.state === 'done', { what: 'the request to be told' })
  assert.equal(world.facts().length, 1)
  const request = world.requests()[0]?.key
  const heard = (await world.heard()).slice(heardBefore.length)
  assert.ok(heard.length <= 1, 'this process hears it at most once')
  assert.deepEqual(new Set([...heardBefore, ...heard]), new Set([request]))

  assert.equal((await world.ask()).status, 200)
  assert.equal(world.requests().length, 1, 'a repeat is recognised across the restart')
})

test('nothing but the disk is waited for: Taxi-Master is silent, a plugin hangs, a locked database is told', async (t) => {
  const world = await openWorld(t)
  await world.site.write('be-slow', '')
  world.taxiMaster.misbehave({ delay: Number.POSITIVE_INFINITY })
  const house = await world.start()
  t.after(house.kill)
  assert.equal((await world.ask()).status, 200)

  const unlock = world.lock()
  const refused = await world.ask('124')
  assert.equal(refused.status, 503)
  assert.match(await refused.text(), /key="started" value="0"/)
  unlock()
  assert.equal((await world.ask('124')).status, 200)
  assert.deepEqual(
    world.requests().map(({ state }) => state),
    ['open', 'open'],
  )
})

test('killed while a plugin was busy with it: the plugin hears the same request again, once', async (t) => {
  const world = await openWorld(t)
  await world.site.write('be-slow', '')
  const first = await world.start()
  assert.equal((await world.ask()).status, 200)
  await until(async () => (await world.heard()).length === 1, { what: 'the plugin to hear it' })
  await first.kill()

  const second = await world.start()
  t.after(second.kill)
  await until(async () => (await world.heard()).length === 2, { what: 'the plugin to hear it again' })
  const [before, after] = await world.heard()
  assert.equal(before, after)
})
