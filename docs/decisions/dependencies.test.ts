import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'

const root = join(import.meta.dirname, '../..')
const { dependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
const page = await readFile(join(import.meta.dirname, 'dependencies.md'), 'utf8')
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )

test('every package that runs in production has its reasons, and no other', () => {
  assert.deepEqual(
    rows.map(([name = '']) => name.replaceAll('`', '')),
    Object.keys(dependencies),
  )
})

test('every row answers every question', () => {
  for (const row of rows) {
    assert.equal(row.length, 5, row[0])
    assert.ok(
      row.every((cell) => cell.length >= 2),
      row[0],
    )
  }
})
