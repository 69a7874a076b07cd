import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { needs } from '../test/support/needs.ts'
import { subjects } from './numbers.ts'
import type { Report } from './report.ts'

const skip = needs.asterisk() || needs.sipp()

test('a quick bench loses no call and ends with its figures in one line of JSON', { skip }, async () => {
  const main = join(import.meta.dirname, 'main.ts')
  const { stdout } = await promisify(execFile)(process.execPath, [main, '--quick', '--json'])
  const report = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Report

  assert.deepEqual(Object.keys(report), subjects)
  for (const subject of subjects) {
    const { callsPerSecond, cpuMsPerCall, failedCalls, ringToAnswerMs } = report[subject]
    assert.equal(failedCalls, 0, subject)
    for (const figure of [callsPerSecond, cpuMsPerCall, ringToAnswerMs.p50, ringToAnswerMs.p99])
      assert.equal(typeof figure, 'number', subject)
  }
  const { growthMiB, memoryMiB, ringToDecisionMs } = report.callbus
  for (const figure of [growthMiB, memoryMiB, ringToDecisionMs.p50, ringToDecisionMs.p99])
    assert.equal(typeof figure, 'number')
})
