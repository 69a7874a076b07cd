import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startCallbus } from '../../test/support/command.ts'
import { freePort } from '../../test/support/ports.ts'
import { livingCompany, makeSite } from '../../test/support/site.ts'

const alive = (pid: number) => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test('it prints the console’s address, signs in by the link and leaves nothing behind after Ctrl-C', async () => {
  await using site = await makeSite(livingCompany())
  await using house = startCallbus(['start'], { folder: site.folder })
  const [, link = ''] = await house.prints(/Console: (http:\/\/127\.0\.0\.1:\d+\/sign-in\/\S+)/)
  await house.prints(/Ready in \d+ ms\./)
  const signedIn = await fetch(link, { redirect: 'manual' })
  assert.match(signedIn.headers.get('set-cookie') ?? '', /HttpOnly/)

  house.interrupt()
  const { code, err } = await house.ended()
  assert.equal(code, 0, err)
  assert.equal(alive(house.pid), false)
  await assert.rejects(fetch(link), 'the port is free again')
})

test('started twice, the second says in a sentence who holds the port, and the first goes on', async () => {
  const port = await freePort()
  await using site = await makeSite(livingCompany({ port }))
  await using first = startCallbus(['start'], { folder: site.folder })
  await first.prints(/Console: /)

  const second = await startCallbus(['start', '--site', site.folder], { folder: '/' }).ended()
  assert.equal(second.code, 1)
  assert.match(
    second.err,
    new RegExp(
      `^PORT_TAKEN: Port ${port} on 127\\.0\\.0\\.1 is held by another Callbus \\(process ${first.pid}\\)\\.`,
    ),
  )
  assert.equal(second.err.trim().split('\n').length, 1, 'a sentence, not a stack')
  assert.equal((await fetch(`http://127.0.0.1:${port}/health`)).status, 200)

  first.interrupt()
  assert.equal((await first.ended()).code, 0)
})

test('places that nobody offers are told at the start, also those of lines and of a queue’s keys', async () => {
  const section = 'queue: { keys: { 1: repeat, 2: operatrs } }'
  const yaml = livingCompany().replace('operators: {}', section)
  await using site = await makeSite(`${yaml}lines: [{ fallback: reception }]\n`)
  await using house = startCallbus(['start'], { folder: site.folder })
  await house.prints(/Callbus is open/)
  house.interrupt()
  const { out, err } = await house.ended()
  assert.match(out + err, /`lines\.0\.fallback` names the place `reception`, which nobody offers/)
  assert.match(
    out + err,
    /`plugins\.queue\.keys\.2` names the place `operatrs`, .*did you mean `operators`\?/,
  )
  assert.doesNotMatch(out + err, /keys\.1/)
})

test('settings with mistakes are told and nothing is started', async () => {
  await using site = await makeSite('http: { prot: 1 }\n')
  const { code, err } = await startCallbus(['start'], { folder: site.folder }).ended()
  assert.equal(code, 1)
  assert.match(err, /^SETTINGS_INVALID: .*`http\.prot` is not a setting; did you mean `port`\?/)
})
