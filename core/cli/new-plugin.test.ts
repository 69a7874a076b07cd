import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { callbus, startCallbus } from '../../test/support/command.ts'
import { livingCompany, makeSite } from '../../test/support/site.ts'
import { houseFolder } from '../registry.ts'

const run = promisify(execFile)
/** The runner tells its children to report to it, which is not meant for the one we start. */
const { NODE_TEST_CONTEXT: _ours, ...env } = process.env

test('a new plugin passes its own test and compiles, wherever the site lies', async () => {
  await using site = await makeSite(livingCompany())
  const made = await callbus(['new-plugin', '--site', site.folder, 'night-greeting'], { folder: site.folder })
  assert.equal(made.code, 0, made.err)
  assert.match(made.out, /^Made plugins\/night-greeting: /)

  const room = join(site.folder, 'plugins', 'night-greeting')
  const tested = await run(process.execPath, ['--test', '--test-reporter=tap', `${room}/plugin.test.ts`], {
    cwd: site.folder,
    env,
  })
  assert.match(tested.stdout, /^# pass 2$/m)

  await site.write(
    'tsconfig.json',
    JSON.stringify({
      extends: join(houseFolder, 'tsconfig.json'),
      compilerOptions: { types: [], typeRoots: [], skipLibCheck: true },
      include: ['plugins'],
      exclude: [],
    }),
  )
  await site.write(
    'plugins/node.d.ts',
    `/// <reference types="${join(houseFolder, 'node_modules/@types/node')}" />\n`,
  )
  const tsc = join(houseFolder, 'node_modules/.bin/tsc')
  await run(tsc, ['-p', site.folder]).catch(({ stdout }) => assert.fail(stdout))
})

test('it runs in the house once the settings name it, also without the link beside it', async () => {
  await using site = await makeSite(livingCompany().replace('plugins: {', 'plugins: { night-greeting: {},'))
  assert.equal((await callbus(['new-plugin', 'night-greeting'], site)).code, 0)
  await run('rm', ['-r', join(site.folder, 'node_modules')])
  const checked = await callbus(['check'], site)
  assert.equal(checked.code, 0, checked.out)

  await using house = startCallbus(['start'], site)
  await house.prints(/"plugins":\["night-greeting","blacklist"/)
  house.interrupt()
  assert.equal((await house.ended()).code, 0)
})

test('a second plugin of the same name is not made', async () => {
  await using site = await makeSite('')
  assert.equal((await callbus(['new-plugin', 'mine'], site)).code, 0)
  const again = await callbus(['new-plugin', 'mine'], site)
  assert.equal(again.code, 2)
  assert.match(again.err, /There is a plugin named mine already/)
})
