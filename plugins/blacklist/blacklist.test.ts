import assert from 'node:assert/strict'
import { test } from 'node:test'
import Sqlite from 'better-sqlite3'
import Fastify, { type FastifyPluginAsync } from 'fastify'
import { Kysely, SqliteDialect } from 'kysely'
import { openCallBus } from '#core/call-bus/call-bus.ts'
import type { FactData } from '#core/call-bus/events.ts'
import type { Call, Identity } from '#core/calls/call.ts'
import type { Verdict } from '#core/calls/reception.ts'
import { openTestClock } from '../../test/support/test-clock.ts'
import { silentLog } from '../../test/support/test-log.ts'
import { plugin } from './plugin.ts'
import type { Settings } from './settings.ts'
import type { BlacklistTables } from './tables.ts'
import { words } from './words.ts'

const day = 24 * 60 * 60 * 1000
const start = Date.UTC(2026, 0, 10, 12)

/** The plugin in a house of one: real bus, real database in memory, a clock that the test moves. */
async function openHouse(settings: Partial<Settings> = {}, file = new Sqlite(':memory:')) {
  const cleanup = new AsyncDisposableStack()
  const clock = openTestClock(start)
  let reads = 0
  const database = new Kysely<BlacklistTables>({
    dialect: new SqliteDialect({ database: file }),
    log: () => void reads++,
  })
  const isNew =
    file.prepare("select 1 from sqlite_master where name = 'blacklist_entries'").get() === undefined
  if (isNew) for (const migration of Object.values(plugin.migrations ?? {})) await migration.up(database)

  const bus = openCallBus({ clock, log: silentLog })
  const changes: FactData<'number-list.changed'>[] = []
  bus.on('number-list.changed', (change) => void changes.push(change))
  const http = Fastify()
  http.addHook('onRequest', async (request) => {
    Object.assign(request, { who: { user: { name: 'ann' } } })
  })
  let judge: (call: Call) => Verdict | Promise<Verdict> = () => 'welcome'

  await plugin.start({
    bus,
    cleanup,
    clock,
    database,
    log: silentLog,
    http: { register: (routes: FastifyPluginAsync) => void http.register(routes) },
    phones: {
      toE164: (raw: string) =>
        /^\+\d{8,15}$/.test(raw) ? raw : /^0\d{9}$/.test(raw) ? `+38${raw}` : undefined,
      toNational: (phone: string) => phone,
    },
    reception: {
      screen: (own: typeof judge) => {
        judge = own
      },
      objectToRinging: () => undefined,
    },
    site: { name: 'taxi', country: 'UA', language: 'uk', timeZone: 'Europe/Kyiv' },
    settings: { announcement: 'standard', obeyDispatch: true, lists: [], ...settings },
  } as unknown as Parameters<typeof plugin.start>[0])
  await http.ready()

  return {
    changes,
    clock,
    http,
    readsDuring(work: () => unknown) {
      const before = reads
      work()
      return reads - before
    },
    rings(from: string | undefined, identity: Call['identity'] = new Promise<Identity>(() => {})) {
      return judge({ from, identity } as Call)
    },
    send: async (method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, payload?: object) => {
      const reply = await http.inject({ method, url, ...(payload ? { payload } : {}) })
      return { status: reply.statusCode, body: reply.body === '' ? undefined : reply.json() }
    },
    upload: (list: string, content: string | Buffer) => {
      const form = new FormData()
      form.append('file', new Blob([content as string]), 'numbers.csv')
      return http.inject({ method: 'POST', url: `/import/${list}`, payload: form })
    },
    async [Symbol.asyncDispose]() {
      await cleanup.disposeAsync()
      await http.close()
    },
  }
}

const black = { list: 'black', phone: '067 123 45 67'.replaceAll(' ', ''), reason: 'did not pay' }
const cardOf = (category: 'normal' | 'black'): Promise<Identity> =>
  Promise.resolve({ lookedUp: true, card: { kind: 'client', category, orders: 0 } })

test('a number put on the black list is refused from the very next call, without a database read', async () => {
  await using house = await openHouse()
  assert.equal(await house.rings('+380671234567', cardOf('normal')), 'welcome')
  assert.deepEqual(await house.send('POST', '/entries', black), {
    status: 201,
    body: {
      list: 'black',
      phone: '+380671234567',
      reason: 'did not pay',
      addedBy: 'user:ann',
      addedAt: start,
    },
  })

  let verdict: unknown
  const reads = house.readsDuring(() => {
    verdict = house.rings('+380671234567')
  })
  assert.deepEqual(verdict, { refuse: words.turnedAway, because: 'on the list Black list: did not pay' })
  assert.equal(reads, 0)
  assert.deepEqual(house.changes, [
    { list: 'black', phone: '+380671234567', change: 'added', by: 'user:ann' },
  ])
})

test('a number taken off the list is welcome from the very next call', async () => {
  await using house = await openHouse({ obeyDispatch: false })
  await house.send('POST', '/entries', black)
  assert.equal((await house.send('DELETE', '/entries/black/0671234567')).status, 204)
  assert.equal(house.rings('+380671234567'), 'welcome')
  assert.equal((await house.send('DELETE', '/entries/black/0671234567')).body.code, 'NOT_FOUND')
})

test('the dispatch program is asked only about numbers our lists do not decide on', async () => {
  await using house = await openHouse()
  await house.send('POST', '/entries', { list: 'prize', phone: '0671111111' })
  const refused = { refuse: words.turnedAway, because: 'black in the dispatch program' }
  assert.deepEqual(await house.rings('+380670000000', cardOf('black')), refused)
  assert.deepEqual(await house.rings('+380671111111', cardOf('black')), refused)
  assert.deepEqual(await house.rings('+380671111111', cardOf('normal')), {
    prefer: 0,
    because: 'on the list Prize',
  })
  assert.equal(
    await house.rings('+380670000000', Promise.resolve({ lookedUp: false, because: 'late' })),
    'welcome',
  )
  assert.equal(house.rings(undefined), 'welcome')
})

test('without an announcement nothing is said', async () => {
  await using house = await openHouse({ announcement: 'none' })
  await house.send('POST', '/entries', black)
  assert.deepEqual(house.rings('+380671234567'), {
    refuse: undefined,
    because: 'on the list Black list: did not pay',
  })
})

test('an expired number is welcome at that moment and soon known to have left', async () => {
  await using house = await openHouse({ obeyDispatch: false })
  await house.send('POST', '/entries', { ...black, expiresAt: start + 40 * day })
  await house.clock.advance(day)
  await house.clock.advance(38 * day)
  assert.notEqual(house.rings('+380671234567'), 'welcome')
  await house.clock.advance(day)
  assert.equal(house.rings('+380671234567'), 'welcome')
  const history = await house.send('GET', '/history?phone=0671234567')
  assert.deepEqual(
    history.body.map(({ change, by }: { change: string; by: string }) => [change, by]),
    [
      ['removed', 'blacklist'],
      ['added', 'user:ann'],
    ],
  )
  assert.equal(house.changes.at(-1)?.change, 'removed')
})

test('lists outlive a restart, and a stopped plugin leaves no timer behind', async () => {
  const file = new Sqlite(':memory:')
  {
    await using house = await openHouse({}, file)
    await house.send('POST', '/entries', { ...black, expiresAt: start + day })
    await house[Symbol.asyncDispose]()
    assert.equal(house.clock.pending, 0)
  }
  await using again = await openHouse({}, file)
  assert.notEqual(again.rings('+380671234567'), 'welcome')
})

test('mistakes in a request have codes and change nothing', async () => {
  await using house = await openHouse()
  await house.send('POST', '/entries', black)
  const code = async (...request: Parameters<typeof house.send>) => (await house.send(...request)).body.code
  assert.equal(await code('POST', '/entries', black), 'CONFLICT')
  assert.equal(await code('POST', '/entries', { ...black, list: 'nope' }), 'NOT_FOUND')
  assert.equal(await code('POST', '/entries', { ...black, phone: 'taxi' }), 'REQUEST_INVALID')
  assert.equal(
    await code('POST', '/entries', { ...black, phone: '0670000001', expiresAt: start }),
    'REQUEST_INVALID',
  )
  assert.equal(await code('PUT', '/entries/vip/0671234567', { reason: 'x' }), 'NOT_FOUND')
  assert.equal(house.changes.length, 1)
})

test('entries are found by part of the number or of the reason, newest first', async () => {
  await using house = await openHouse()
  await house.send('POST', '/entries', black)
  await house.clock.advance(1000)
  await house.send('POST', '/entries', { list: 'vip', phone: '0509998877', reason: 'Постійний КЛІЄНТ' })
  const found = async (query: string) => {
    const { body } = await house.send('GET', `/entries?${query}`)
    return body.entries.map(({ list }: { list: string }) => list)
  }
  assert.deepEqual(await found(''), ['vip', 'black'])
  assert.deepEqual(await found('search=067%20123'), ['black'])
  assert.deepEqual(await found(`search=${encodeURIComponent('клієнт')}`), ['vip'])
  assert.deepEqual(await found('list=black&search=999'), [])
  const lists = await house.send('GET', '/lists')
  assert.deepEqual(
    lists.body.map(({ name, numbers }: { name: string; numbers: number }) => [name, numbers]),
    [
      ['black', 1],
      ['vip', 1],
      ['prize', 0],
    ],
  )
})

test('an import adds, changes and keeps; with one mistake it does nothing', async () => {
  await using house = await openHouse()
  await house.send('POST', '/entries', black)
  const wrong = await house.upload('black', 'phone,reason\n0671234568,\nnonsense,\n')
  assert.equal(wrong.statusCode, 422)
  assert.equal(wrong.json().code, 'IMPORT_INVALID')
  assert.match(wrong.json().message, /^The file has mistakes: (row \d+: [^.]+(; )?)+\. No row was imported\./)
  assert.deepEqual(wrong.json().mistakes, [
    { row: 3, value: 'nonsense', sentence: 'This is not a phone number.' },
  ])
  assert.equal(house.changes.length, 1)

  const right = await house.upload('black', 'phone,reason\n0671234567,paid late\n0671234568,\n')
  assert.deepEqual(right.json(), { added: 1, changed: 1, same: 0 })
  assert.deepEqual(
    (await house.upload('black', (await house.http.inject('/export/black')).rawPayload)).json(),
    {
      added: 0,
      changed: 0,
      same: 2,
    },
  )
})

test('a form that is none is a wrong request', async () => {
  await using house = await openHouse()
  for (const type of ['multipart/form-data', 'multipart/form-data; boundary=x']) {
    const headers = { 'content-type': type }
    const answer = await house.http.inject({ method: 'POST', url: '/import/black', headers, payload: '--x' })
    assert.deepEqual([answer.statusCode, answer.json().code], [400, 'REQUEST_INVALID'], answer.body)
  }
})

test('a list of thousands is imported whole and exported as xlsx', async () => {
  await using house = await openHouse()
  const numbers = Array.from({ length: 12_000 }, (_, index) => `067${String(index).padStart(7, '0')}`)
  assert.equal((await house.upload('vip', numbers.join('\n'))).json().added, 12_000)
  assert.deepEqual(house.rings('+380670011999'), { prefer: 10, because: 'on the list VIP' })
  assert.equal(house.changes.length, 12_000)
  const file = await house.http.inject('/export/vip?format=xlsx')
  assert.equal(file.rawPayload.subarray(0, 2).toString(), 'PK')
  assert.match(String(file.headers['content-disposition']), /vip\.xlsx/)
})

test('a file beyond the limit is refused with its code', async () => {
  await using house = await openHouse()
  const reply = await house.upload('black', Buffer.alloc(5 * 1024 * 1024 + 1, '0'))
  assert.equal(reply.statusCode, 413)
  assert.equal(reply.json().code, 'REQUEST_TOO_LARGE')
})
