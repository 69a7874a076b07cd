/** Our adapter, connected to an Asterisk, real or simulated. */
import { pino } from 'pino'
import { Value } from 'typebox/value'
import { type Clock, realClock } from '#core/clock.ts'
import { adapter } from '../../adapters/asterisk/adapter.ts'
import { Settings } from '../../adapters/asterisk/settings.ts'
import { type Connection, EventLog, type House, type World } from './telephony-world.ts'

export async function openAsteriskHouse(
  settings: Partial<Settings>,
  world: World,
  clock: Clock = realClock,
): Promise<House & { close(): Promise<void> }> {
  let cleanup = new AsyncDisposableStack()

  async function connect(): Promise<Connection> {
    const events = new EventLog()
    const port = await adapter.connect({
      settings: Value.Default(Settings, settings) as Settings,
      report: events.report,
      cleanup,
      clock,
      log: pino({ level: process.env.LOG ?? 'silent' }),
      facts: async () => [],
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

  return { ...(await connect()), world, restart, close: () => cleanup.disposeAsync() }
}
