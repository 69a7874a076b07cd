import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { openTestHttp } from '../../test/support/test-http.ts'

const path = '/api/plugins/archive/talk'

async function open(t: TestContext) {
  const house = await openTestHttp()
  t.after(() => house[Symbol.asyncDispose]())
  const archive = house.http.pluginScope('archive')
  archive.register(async (http) => {
    http.get('/talk', { config: { right: 'recordings.listen', byLink: true } }, () => 'heard')
    http.delete('/talk', { config: { right: 'recordings.listen', byLink: true } }, () => 'gone')
    http.get('/list', { config: { right: 'recordings.listen' } }, () => 'listed')
  })
  await house.http.ready()
  const ask = async (url: string, method: 'GET' | 'DELETE' = 'GET') =>
    (await house.app.inject({ method, url })).statusCode
  const link = (to = path) => house.links.sign(to, house.clock.now() + 60_000)
  return { ...house, ask, link }
}

test('who has a link reads without signing in, until it runs out', async (t) => {
  const { ask, link, clock } = await open(t)
  const given = link()
  assert.equal(await ask(given), 200)
  await clock.advance(60_000)
  assert.equal(await ask(given), 401)
})

test('a link opens one thing, for reading alone, and no route that does not say so', async (t) => {
  const { ask, link } = await open(t)
  const given = link()
  assert.equal(await ask(path), 401)
  assert.equal(await ask(given, 'DELETE'), 401)
  assert.equal(await ask(given.replace('/talk', '/list')), 401)
  assert.equal(await ask(link('/api/plugins/archive/list')), 401)
})

test('a link that was changed anywhere opens nothing', async (t) => {
  const { ask, link } = await open(t)
  const given = link()
  for (let at = path.length; at < given.length; at += 1) {
    const other = given[at] === '1' ? '2' : '1'
    assert.notEqual(await ask(given.slice(0, at) + other + given.slice(at + 1)), 200, String(at))
  }
  assert.equal(await ask(`${given}&more=1`), 401)
  assert.equal(await ask(given.replace('&sig=', '&sig=%')), 401)
})
