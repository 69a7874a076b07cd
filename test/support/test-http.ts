import { randomUUID } from 'node:crypto'
import { Registry } from 'prom-client'
import type { FactData, FactName, Stamped } from '#core/call-bus/events.ts'
import { openDatabase } from '#core/database/database.ts'
import { openJournal } from '#core/database/journal.ts'
import type { Part } from '#core/http/health.ts'
import { openHttp } from '#core/http/http.ts'
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
  const listeners = new Set<(fact: Stamped) => void>()
  const live: { id: string }[] = []
  const parts: Part[] = [{ name: 'database', state: 'ready', isVital: true }]
  let lastId = 0

  const http = stack.use(
    await openHttp({
      settings: { host: '127.0.0.1', port: 0, isSecure: false, trustProxy: false, ...settings },
      site: { name: 'taxi', country: 'UA', language: 'uk' },
      users,
      bus: {
        onAny(listener) {
          listeners.add(listener)
          return () => void listeners.delete(listener)
        },
      },
      journal,
      calls: { live: () => live },
      metrics: new Registry(),
      health: () => parts,
      clock,
      log,
    }),
  )

  return {
    http,
    app: http.app,
    users,
    journal,
    clock,
    lines,
    live,
    parts,

    publish<Name extends FactName>(name: Name, data: FactData<Name>): Stamped {
      lastId += 1
      const fact = { id: lastId, at: clock.now(), name, data } as Stamped
      journal.append(fact)
      for (const listener of listeners) listener(fact)
      return fact
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
