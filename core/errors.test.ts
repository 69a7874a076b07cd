import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { CallbusError, errorCodes, sentence } from './errors.ts'

const page = await readFile(join(import.meta.dirname, '../docs/errors.md'), 'utf8')
const sections = new Map(
  page
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const [title = '', ...text] = section.split('\n')
      return [title.trim().replaceAll('`', ''), text.join('\n').trim()] as const
    }),
)

test('every code is explained on its page, and no other', () => {
  assert.deepEqual([...sections.keys()].sort(), [...errorCodes].sort())
})

test('every explanation begins with the sentence of its code and says more', () => {
  for (const code of errorCodes) {
    const quote = `> ${sentence(code, {})}`
    const section = sections.get(code) ?? ''
    assert.ok(section.startsWith(quote), `${code} does not begin with: ${quote}`)
    assert.ok(section.length > quote.length + 40, `${code} is only quoted`)
  }
})

test('blanks are filled with what is known and kept visible otherwise', () => {
  const error = new CallbusError('PORT_TAKEN', { port: 8080, host: '127.0.0.1' })
  assert.match(error.message, /^Port 8080 on 127\.0\.0\.1 is held by \{holder\}/)
})
