/**
 * `node bench/oktell-door.ts`: how soon the Oktell door answers while Taxi-Master itself says nothing. Each
 * request is on the disk before its answer; they come one after another, then twenty at once.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { stringify } from 'yaml'
import { startApp } from '#core/app.ts'
import { parseSettings } from '#core/settings.ts'
import { settingsFor } from '../adapters/taxi-master/simulator/company.ts'
import { startTaxiMasterSimulator } from '../adapters/taxi-master/simulator/simulator.ts'
import { freePort } from '../test/support/ports.ts'

const requests = 400

await using cleanup = new AsyncDisposableStack()
const folder = await mkdtemp(join(tmpdir(), 'callbus-bench-'))
cleanup.defer(() => rm(folder, { recursive: true, force: true }))
const taxiMaster = await startTaxiMasterSimulator()
cleanup.defer(() => taxiMaster.stop())
const port = await freePort()
const settings = {
  http: { port: 0 },
  mqtt: { port: 0 },
  calls: { stopPatience: 0 },
  voice: { engines: ['silent'] },
  adapters: {
    asterisk: { simulated: true },
    'taxi-master': {
      ...settingsFor(taxiMaster),
      door: { host: '127.0.0.1', port, scripts: {}, repeatSeconds: 1 },
    },
  },
}
const app = await startApp({
  settings: parseSettings(stringify(settings), 'callbus.yaml'),
  folder,
  log: pino({ level: 'silent' }),
})
cleanup.defer(() => app.stop())
taxiMaster.misbehave({ mute: true })

let asked = 0
async function ask(): Promise<number> {
  asked += 1
  const query = `name=car_arrived&startparam1=067${String(asked).padStart(7, '0')}&startparam2=&startparam3=0&startparam4=`
  const begun = performance.now()
  const answer = await fetch(`http://127.0.0.1:${port}/execsvcscript?${query}`)
  await answer.text()
  if (answer.status !== 200) throw new Error(`The door answered ${answer.status}`)
  return performance.now() - begun
}

async function measure(how: string, atOnce: number) {
  const took: number[] = []
  while (took.length < requests) took.push(...(await Promise.all(Array.from({ length: atOnce }, ask))))
  took.sort((one, other) => one - other)
  const [half, most, nearlyAll] = [0.5, 0.95, 0.99].map((share) =>
    took[Math.floor(took.length * share)]?.toFixed(1),
  )
  console.log(
    `${how}: p50 ${half} ms, p95 ${most} ms, p99 ${nearlyAll} ms, longest ${took.at(-1)?.toFixed(1)} ms`,
  )
}

await measure('One after another', 1)
await measure('Twenty at once', 20)
