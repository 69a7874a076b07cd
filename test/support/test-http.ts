import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Registry } from 'prom-client'
import { openCallBus } from '#core/call-bus/call-bus.ts'
import type { FactData, FactName, Stamped } from '#core/call-bus/events.ts'
import { openDatabase } from '#core/database/database.ts'
import { openJournal } from '#core/database/journal.ts'
import type { Part } from '#core/http/health.ts'
import { openHttp } from '#core/http/http.ts'
import { openLinks } from '#core/http/links.ts'
import { openNeighbours } from '#core/neighbours.ts'
import { openPhones } from '#core/phones.ts'
import type { Role } from '#core/users/rights.ts'
import { openUsers } from '#core/users/users.ts'
import { openTestClock } from './test-clock.ts'
import { openTestLog } from './test-log.ts'

/** The house's HTTP on a database in memory, with nothing behind it but what the test puts there. */
export async function openTestHttp(settings: { port?: number; host?: string; trustProxy?: boolean } = {}) {
  const stack = new AsyncDisposableStack()
  const clock = openTestClock()
  const { log, lines } = openTestLog()
  const { kysely } = stack.use(await openDatabase({ kind: 'sqlite', file: ':memory:' }, { log }))
  const journal = stack.use(await openJournal({ database: kysely, clock, log }))
  const users = openUsers({ database: kysely, clock })
  const dataFolder = await mkdtemp(join(tmpdir(), 'callbus-http-'))
  stack.defer(() => rm(dataFolder, { recursive: true, force: true }))
  const links = await openLinks({ dataFolder, clock })
  const bus = openCallBus({ clock, log })
  bus.onAny((fact) => journal.append(fact))
  const live: { id: string }[] = []
  const parts: Part[] = [{ name: 'database', state: 'ready', isVital: true }]

  const http = stack.use(
    await openHttp({
      settings: { host: '127.0.0.1', port: 0, isSecure: false, trustProxy: false, ...settings },
      site: { name: 'taxi', country: 'UA', language: 'uk' },
      users,
      links,
      bus,
      neighbours: openNeighbours(bus),
      journal,
      calls: { live: () => live },
      phones: openPhones({ country: 'UA' }),
      metrics: new Registry(),
      health: () => parts,
      clock,
      log,
    }),
  )

  return {
    http,
    app: http.app,
    links,
    users,
    journal,
    clock,
    lines,
    live,
    parts,

    publish<Name extends FactName>(name: Name, data: FactData<Name>): Stamped {
      let published: Stamped | undefined
      const stopListening = bus.onAny((fact) => {
        published = fact
      })
      bus.publish(name, data)
      stopListening()
      if (!published) throw new Error('the bus was silent')
      return published
    },

    /** Headers of a person signed in with this role. */
    async signedIn(role: Role): Promise<{ cookie: string }> {
      const user = await users.add({ name: `${role} ${randomUUID()}`, role })
      const session = await users.signInByLink(await users.makeSignInLink(user.id))
      return { cookie: `callbus_session=${session?.secret}` }
    },

    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}
