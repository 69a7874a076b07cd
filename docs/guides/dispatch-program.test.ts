import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { promisify } from 'node:util'
import { callbus, startCallbus } from '../../test/support/command.ts'
import { blocksOf, readDocument } from '../../test/support/documents.ts'
import { livingCompany, makeSite } from '../../test/support/site.ts'

const run = promisify(execFile)

async function filesOfGuide(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'callbus-guide-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  for (const { file, text } of blocksOf(await readDocument('docs/guides/dispatch-program.md'))) {
    if (file) await writeFile(join(folder, file), text)
  }
  return folder
}

/** Runs a program of the guide until it has printed this. */
async function prints(t: TestContext, file: string, folder: string, env: object, pattern: RegExp) {
  const child = spawn(process.execPath, [join(folder, file)], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.after(async () => {
    if (child.exitCode === null && child.kill()) await once(child, 'close')
  })
  let printed = ''
  for await (const piece of child.stdout.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    printed += piece
    if (pattern.test(printed)) return printed
  }
  throw new Error(`It ended without printing ${pattern}: ${printed}`)
}

test('the guide’s commands and its program work at the house that npm start opens', async (t) => {
  const folder = await filesOfGuide(t)
  await using site = await makeSite(livingCompany())
  await using house = startCallbus(['start'], { folder: site.folder })
  const [, link = '', address = ''] = await house.prints(/Console: ((http:\/\/[^/]+)\/sign-in\/\S+)/)
  const env = { ...process.env, LINK: link, CALLBUS: address }
  const sh = async (file: string) => (await run('sh', [join(folder, file)], { cwd: folder, env })).stdout

  await sh('token.sh')
  const token = (await readFile(join(folder, 'token.txt'), 'utf8')).trim()
  assert.match(token, /^cb_/)
  const moved = JSON.parse(await sh('tell.sh'))
  assert.equal(moved.outcome, 'moved')
  assert.deepEqual(JSON.parse(await sh('tell.sh')), { ...moved, isRepeat: true })
  assert.equal((await sh('call.sh')).match(/"outcome":"accepted"/g)?.length, 2)
  assert.ok(Array.isArray(JSON.parse(await sh('ask.sh')).calls))

  const printed = await prints(t, 'tell.mjs', folder, { CALLBUS: address, TOKEN: token }, /is calling/)
  assert.match(printed, /^Order 78: moved$/m)
  house.interrupt()
  assert.equal((await house.ended()).code, 0)
})

test('the guide’s program that answers is found well by the doctor', async (t) => {
  const folder = await filesOfGuide(t)
  process.env.DISPATCH_TOKEN = 'of-the-guide'
  const env = { PORT: '0', DISPATCH_TOKEN: 'of-the-guide' }
  const printed = await prints(t, 'answer.mjs', folder, env, /Answering at \S+\n/)
  const url = /http:\S+/.exec(printed)?.[0]
  await using site = await makeSite(`
voice: { engines: [silent] }
adapters:
  asterisk: { simulated: true }
  generic-dispatch: { url: '${url}', token: !env DISPATCH_TOKEN, allowPlainHttp: true }
`)
  const { code, out } = await callbus(['doctor'], site)
  assert.match(out, /^✓ generic-dispatch: connected$/m)
  assert.equal(code, 0, out)
  assert.equal((await callbus(['check'], site)).code, 0)
})
