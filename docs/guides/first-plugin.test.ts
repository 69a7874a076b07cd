import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { blocksOf, readDocument, root } from '../../test/support/documents.ts'

const run = promisify(execFile)
/** The runner tells its children to report to it, which is not meant for the one we start. */
const { NODE_TEST_CONTEXT: _ours, ...env } = process.env

test('the guide’s plugin compiles and passes the guide’s tests', async (t) => {
  const build = join(root, 'build')
  await mkdir(build, { recursive: true })
  const folder = await mkdtemp(join(build, 'first-plugin-'))
  t.after(() => rm(folder, { recursive: true, force: true }))

  const files = blocksOf(await readDocument('docs/guides/first-plugin.md')).filter(({ file }) => file)
  assert.deepEqual(
    files.map(({ file }) => file),
    ['words.ts', 'flow.ts', 'plugin.ts', 'plugin.test.ts'],
  )
  for (const { file = '', text } of files) await writeFile(join(folder, file), text)
  await writeFile(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ extends: join(root, 'tsconfig.json'), include: ['*.ts'], exclude: [] }),
  )

  await t.test('it compiles', async () => {
    await run(join(root, 'node_modules/.bin/tsc'), ['-p', folder]).catch(({ stdout }) => assert.fail(stdout))
  })
  await t.test('it passes its tests', async () => {
    const words = ['--test', '--test-reporter=tap', join(folder, 'plugin.test.ts')]
    const { stdout } = await run(process.execPath, words, { env }).catch(({ stdout }) => assert.fail(stdout))
    assert.match(stdout, /^# pass 3$/m)
  })
})
