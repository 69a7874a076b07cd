import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openTestClock } from '../../test/support/test-clock.ts'
import { silentLog } from '../../test/support/test-log.ts'
import { openDatabase } from '../database/database.ts'
import { openUsers } from './users.ts'

const hour = 3_600_000

async function openHouse() {
  const database = await openDatabase({ kind: 'sqlite', file: ':memory:' }, { log: silentLog })
  const clock = openTestClock()
  const users = openUsers({ database: database.kysely, clock })
  return {
    clock,
    users,
    database: database.kysely,
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  }
}

test('the right name and password sign in, anything else does not', async () => {
  await using house = await openHouse()
  await house.users.add({ name: 'olena', role: 'operator', password: 'taxi taxi taxi' })
  assert.equal(await house.users.signIn('olena', 'taxi taxi'), undefined)
  assert.equal(await house.users.signIn('nobody', 'taxi taxi taxi'), undefined)

  const session = await house.users.signIn('olena', 'taxi taxi taxi')
  const identity = await house.users.whoHasSession(session?.secret ?? '')
  assert.equal(identity?.user.name, 'olena')
  assert.equal(identity?.rights.has('calls.read'), true)
  assert.equal(identity?.rights.has('users.edit'), false)
})

test('a session slides on while it is used and ends when it is not', async () => {
  await using house = await openHouse()
  const user = await house.users.add({ name: 'olena', role: 'operator' })
  const session = await house.users.signInByLink(await house.users.makeSignInLink(user.id))
  assert.ok(session)
  for (let shift = 0; shift < 5; shift += 1) {
    await house.clock.advance(10 * hour)
    assert.ok(await house.users.whoHasSession(session.secret))
  }
  await house.clock.advance(13 * hour)
  assert.equal(await house.users.whoHasSession(session.secret), undefined)
})

test('signing out ends the session', async () => {
  await using house = await openHouse()
  const user = await house.users.ensureAdministrator()
  const session = await house.users.signInByLink(await house.users.makeSignInLink(user.id))
  assert.ok(session)
  await house.users.signOut(session.secret)
  assert.equal(await house.users.whoHasSession(session.secret), undefined)
})

test('a sign-in link works once, also when two use it at the same moment', async () => {
  await using house = await openHouse()
  const user = await house.users.ensureAdministrator()
  const link = await house.users.makeSignInLink(user.id)
  const both = await Promise.all([house.users.signInByLink(link), house.users.signInByLink(link)])
  assert.equal(both.filter(Boolean).length, 1)
})

test('an old sign-in link is refused', async () => {
  await using house = await openHouse()
  const user = await house.users.ensureAdministrator()
  const link = await house.users.makeSignInLink(user.id)
  await house.clock.advance(hour)
  assert.equal(await house.users.signInByLink(link), undefined)
})

test('the first administrator is made once', async () => {
  await using house = await openHouse()
  const first = await house.users.ensureAdministrator()
  assert.deepEqual(await house.users.ensureAdministrator(), first)
  assert.equal((await house.users.list()).length, 1)
})

test('a new password and being barred end the sessions of before', async () => {
  await using house = await openHouse()
  const user = await house.users.add({ name: 'olena', role: 'operator', password: 'first password' })
  const before = await house.users.signIn('olena', 'first password')
  await house.users.change(user.id, { password: 'second password' })
  assert.equal(await house.users.whoHasSession(before?.secret ?? ''), undefined)
  assert.equal(await house.users.signIn('olena', 'first password'), undefined)

  await house.users.change(user.id, { isBarred: true })
  assert.equal(await house.users.signIn('olena', 'second password'), undefined)
})

test('a name is taken once', async () => {
  await using house = await openHouse()
  await house.users.add({ name: 'olena', role: 'operator' })
  await assert.rejects(house.users.add({ name: 'olena', role: 'operator' }), { code: 'CONFLICT' })
})

test('a token has its own rights, never more than its owner has now', async () => {
  await using house = await openHouse()
  const user = await house.users.add({ name: 'crm', role: 'integrator' })
  const { secret } = await house.users.tokens.make({
    name: 'night export',
    userId: user.id,
    rights: ['calls.read', 'commands.send'],
  })
  assert.deepEqual(
    [...((await house.users.whoHasToken(secret))?.rights ?? [])],
    ['calls.read', 'commands.send'],
  )
  await house.users.change(user.id, { role: 'operator' })
  assert.deepEqual([...((await house.users.whoHasToken(secret))?.rights ?? [])], ['calls.read'])
  await house.users.change(user.id, { isBarred: true })
  assert.equal(await house.users.whoHasToken(secret), undefined)
})

test('a token ends at its time or when it is withdrawn', async () => {
  await using house = await openHouse()
  const { id } = await house.users.ensureAdministrator()
  const make = (expiresAt: number) =>
    house.users.tokens.make({ name: 'x', userId: id, rights: ['calls.read'], expiresAt })
  const old = await make(house.clock.now() + hour)
  const withdrawn = await make(house.clock.now() + 9 * hour)
  await house.clock.advance(hour)
  assert.equal(await house.users.whoHasToken(old.secret), undefined)
  assert.ok(await house.users.whoHasToken(withdrawn.secret))
  assert.equal(await house.users.tokens.withdraw(withdrawn.token.id), true)
  assert.equal(await house.users.whoHasToken(withdrawn.secret), undefined)
})

test('no secret is stored as it is', async () => {
  await using house = await openHouse()
  const user = await house.users.add({ name: 'olena', role: 'administrator', password: 'taxi taxi taxi' })
  const link = await house.users.makeSignInLink(user.id)
  const session = await house.users.signIn('olena', 'taxi taxi taxi')
  const { secret } = await house.users.tokens.make({ name: 'x', userId: user.id, rights: [] })
  const everything = JSON.stringify([
    await house.database.selectFrom('users').selectAll().execute(),
    await house.database.selectFrom('sessions').selectAll().execute(),
    await house.database.selectFrom('tokens').selectAll().execute(),
    await house.database.selectFrom('sign_in_links').selectAll().execute(),
  ])
  for (const word of ['taxi taxi taxi', link, session?.secret ?? '', secret])
    assert.equal(everything.includes(word), false)
})
