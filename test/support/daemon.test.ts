import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { hasProgram, startDaemon } from './daemon.ts'
import { until } from './until.ts'

test('a neighbour does not outlive a test that is killed', {
  skip: !hasProgram('setpriv') && 'no setpriv here: install the package util-linux',
}, async () => {
  const module = JSON.stringify(join(import.meta.dirname, 'daemon.ts'))
  const code = `const { startDaemon } = await import(${module})
    console.log(startDaemon({ command: ['sleep', '600'], logFile: '/dev/null' }).pid)
    setInterval(() => undefined, 1000)`
  const parent = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [said] = await once(parent.stdout, 'data')
  const pid = Number(said)
  assert.ok(isAlive(pid))

  parent.kill('SIGKILL')
  await until(() => !isAlive(pid), { what: 'the neighbour to be gone' })
})

test('a neighbour that ends by itself is noticed, with its last words', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'callbus-daemon-'))
  const daemon = startDaemon({
    command: ['sh', '-c', 'echo no licence; exit 3'],
    logFile: join(folder, 'log'),
  })
  await daemon.exited
  assert.ok(daemon.hasExited())
  assert.match(daemon.lastWords(), /no licence/)
  await daemon.stop()
  rmSync(folder, { recursive: true })
})

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
