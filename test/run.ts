/**
 * `npm test`: every `*.test.ts`, or those whose path contains one of the given words. They run two files
 * at a time, a benchmark alone. What could not run is listed with the way to enable it, and the last line is
 * the count.
 */
import { globSync, readFileSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { type EventData, run } from 'node:test'
import { spec } from 'node:test/reporters'
import { findAsterisk, provisionAsterisk } from './asterisk/provision.ts'

interface Tally {
  passed: number
  failed: number
  skipped: number
}

const root = resolve(import.meta.dirname, '..')
const rooms = '{core,plugins,adapters,radio-recorder,test,docs,bench,scripts}'
const patience = 10 * 60_000

const files = testFiles(process.argv.slice(2))
const benchmarks = files.filter((file) => relative(root, file).startsWith('bench'))
const tally: Tally = { passed: 0, failed: 0, skipped: 0 }
const reasons = new Map<string, number>()
const failures: string[] = []

if (files.some((file) => readFileSync(file, 'utf8').includes('needs.asterisk'))) await fetchAsterisk()
const others = files.filter((file) => !benchmarks.includes(file))
await runFiles(others, 2)
await runFiles(benchmarks, 1)
tellWhatDidNotRun()
tellFailures()
if (files.length === 0) console.log('No test file matches.')
console.log(countLine(tally))
process.exitCode = tally.failed > 0 || files.length === 0 ? 1 : 0

function testFiles(words: readonly string[]): string[] {
  return globSync(`${rooms}/**/*.test.ts`, { cwd: root, exclude: (name) => name.includes('node_modules') })
    .filter((file) => words.length === 0 || words.some((word) => file.includes(word.replace(/^\.\//, ''))))
    .sort()
    .map((file) => resolve(root, file))
}

async function fetchAsterisk() {
  if (findAsterisk()) return
  console.log('Fetching a private Asterisk for the tests, about 80 MB, once …')
  try {
    const { version } = await provisionAsterisk()
    console.log(`Asterisk ${version} is here.`)
  } catch (thrown) {
    console.log(`No Asterisk: ${thrown instanceof Error ? thrown.message : thrown}`)
  }
}

async function runFiles(files: string[], concurrency: number) {
  if (files.length === 0) return
  const stream = run({ files, concurrency, isolation: 'process', timeout: patience, cwd: root })
  stream.on('test:pass', countSkipped)
  stream.on('test:fail', noteFailure)
  stream.on('test:summary', ({ counts, file }) => {
    if (file !== undefined) return
    tally.passed += counts.passed
    tally.failed += counts.tests - counts.passed - counts.skipped - counts.todo
    tally.skipped += counts.skipped + counts.todo
  })
  const report = stream.compose(spec)
  for await (const text of report) process.stdout.write(text)
}

function countSkipped({ skip }: EventData.TestPass) {
  if (skip === undefined || skip === false) return
  const reason = typeof skip === 'string' && skip !== '' ? skip : 'no reason given'
  reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
}

function noteFailure({ details, file, name }: EventData.TestFail) {
  if (details.type !== 'suite') failures.push(`${file ? relative(root, file) : ''}: ${name}`)
}

function tellFailures() {
  if (failures.length === 0) return
  console.log('\nFAILED:')
  for (const failure of failures) console.log(`  ${failure}`)
}

function tellWhatDidNotRun() {
  if (reasons.size === 0) return
  console.log('\nNOT RUN:')
  for (const [reason, tests] of reasons) console.log(`  ${tests} × ${reason}`)
}

function countLine({ failed, passed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}
