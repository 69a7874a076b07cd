/** Our adapter, connected to an Asterisk, real or simulated. */
import type { TestContext } from 'node:test'
import { pino } from 'pino'
import { realClock } from '#core/clock.ts'
import type { Static } from '#core/schema.ts'
import { adapter } from '../../adapters/asterisk/adapter.ts'
import { withDefaults } from '../../core/schema.ts'
import { type Connection, EventLog, type House, type World } from './telephony-world.ts'

export type AsteriskSettings = Partial<Static<typeof adapter.settings>> & { password: string }

export async function openAsteriskHouse(t: TestContext, settings: AsteriskSettings, world: World): Promise<House> {
  let cleanup = new AsyncDisposableStack()
  t.after(() => cleanup.disposeAsync())

  async function connect(): Promise<Connection> {
    const events = new EventLog()
    const port = await adapter.connect({
      settings: withDefaults(adapter.settings, settings),
      report: events.report,
      cleanup,
      clock: realClock,
      log: pino({ level: process.env.LOG ?? 'silent' }),
      site: { name: 'test', country: 'UA', dataFolder: '/nonexistent' },
    })
    await events.next('connection.changed', ({ state }) => state === 'connected')
    return { port, events }
  }

  async function restart(): Promise<Connection> {
    await cleanup.disposeAsync()
    cleanup = new AsyncDisposableStack()
    return connect()
  }

  return { ...(await connect()), world, restart }
}
