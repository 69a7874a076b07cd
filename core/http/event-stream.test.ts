import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openTestHttp } from '../../test/support/test-http.ts'

type House = Awaited<ReturnType<typeof openTestHttp>>

/** Reads a stream event by event; beats are left out unless asked for. */
async function openReader(headers: Record<string, string>, url: string) {
  const ended = new AbortController()
  const answer = await fetch(`${url}/api/v1/events`, { headers, signal: ended.signal })
  assert.equal(answer.status, 200)
  assert.ok(answer.body)
  const chunks = answer.body.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''

  async function next(): Promise<string | undefined> {
    while (!text.includes('\n\n')) {
      const { value, done } = await chunks.read()
      if (done) return undefined
      text += value
    }
    const end = text.indexOf('\n\n')
    const event = text.slice(0, end)
    text = text.slice(end + 2)
    return event
  }

  return {
    next,
    async nextFact() {
      for (let event = await next(); event !== undefined; event = await next()) {
        if (!event.startsWith('event: beat')) return event
      }
      return undefined
    },
    [Symbol.asyncDispose]: async () => ended.abort(),
  }
}

test('a reader gets each fact with its id, name and data', async () => {
  await using house = await openTestHttp()
  const { url } = await house.http.listen()
  await using reader = await openReader(await house.signedIn('operator'), url)
  assert.equal(await reader.next(), `event: beat\ndata: {"at":${house.clock.now()}}`)

  const fact = house.publish('call.key-pressed', { call: 'c1', key: '9' })
  assert.equal(await reader.nextFact(), `id: 1\nevent: call.key-pressed\ndata: ${JSON.stringify(fact)}`)
})

test('who comes back misses nothing and hears nothing twice', async () => {
  await using house = await openTestHttp()
  const { url } = await house.http.listen()
  for (let count = 1; count <= 1_200; count += 1) house.publish('call.answered', { call: `c${count}` })
  await house.journal.flush()
  house.publish('call.answered', { call: 'c1201' })

  const headers = { ...(await house.signedIn('operator')), 'last-event-id': '3' }
  await using reader = await openReader(headers, url)
  house.publish('call.answered', { call: 'c1202' })
  for (let id = 4; id <= 1_202; id += 1) {
    assert.equal((await reader.nextFact())?.split('\n')[0], `id: ${id}`)
  }
})

test('numbers are masked for who may not see them', async () => {
  await using house = await openTestHttp()
  const { url } = await house.http.listen()
  const { id } = await house.users.ensureAdministrator()
  const { secret } = await house.users.tokens.make({ name: 'x', userId: id, rights: ['facts.read'] })
  await using reader = await openReader({ authorization: `Bearer ${secret}` }, url)
  house.publish('number-list.changed', { list: 'black', phone: '+380671234567', change: 'added', by: 'core' })
  const event = await reader.nextFact()
  assert.ok(event?.includes('+380*****4567'))
  assert.equal(event?.includes('80671234567'), false)
})

test('a beat comes every two seconds, and ends the stream of who was shut out', async () => {
  await using house = await openTestHttp()
  const { url } = await house.http.listen()
  const { user, cookie } = await signIn(house)
  await using reader = await openReader({ cookie }, url)
  await reader.next()
  await house.clock.advance(2_000)
  assert.equal(await reader.next(), `event: beat\ndata: {"at":${house.clock.now()}}`)

  await house.users.change(user, { isBarred: true })
  await house.clock.advance(2_000)
  await reader.next()
  assert.equal(await reader.next(), undefined)
})

test('a reader who does not read is dropped and leaves nothing behind', async () => {
  await using house = await openTestHttp()
  const { url } = await house.http.listen()
  const before = house.clock.pending
  const reader = await openReader(await house.signedIn('operator'), url)
  await reader.next()
  assert.equal(house.clock.pending, before + 1)
  const text = 'x'.repeat(50_000)
  // More than the sockets between us can swallow.
  for (let count = 0; count < 400; count += 1) {
    house.publish('call.told', { call: 'c1', saying: 's', text, heard: true })
  }
  await assert.rejects(async () => {
    while ((await reader.next()) !== undefined);
  })
  await house.journal.flush()
  assert.equal(house.clock.pending, before)
})

test('closing the house ends open streams', async () => {
  const house = await openTestHttp()
  const { url } = await house.http.listen()
  await using reader = await openReader(await house.signedIn('operator'), url)
  await reader.next()
  await house[Symbol.asyncDispose]()
  assert.equal(await reader.next(), undefined)
})

async function signIn(house: House) {
  const user = await house.users.add({ name: 'olena', role: 'operator' })
  const session = await house.users.signInByLink(await house.users.makeSignInLink(user.id))
  return { user: user.id, cookie: `callbus_session=${session?.secret}` }
}
