import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import writeXlsx from 'write-excel-file/node'
import type { Language } from '#core/schema.ts'
import { type Reader, readEntries, toCsv, toXlsx } from './import-export.ts'
import type { Entry } from './number-lists.ts'

const now = Date.UTC(2026, 0, 10)
const reader: Reader = {
  phones: {
    toE164: (raw) => {
      const digits = raw.replace(/[\s()-]/g, '')
      if (/^\+[1-9]\d{7,14}$/.test(digits)) return digits
      if (/^380\d{9}$/.test(digits)) return `+${digits}`
      return /^0\d{9}$/.test(digits) ? `+38${digits}` : undefined
    },
    toNational: (phone) => phone,
    kindOf: () => 'mobile',
  },
  language: 'uk',
  timeZone: 'Europe/Kyiv',
  now,
}
const read = (text: string) => readEntries(Buffer.from(text), reader)

for (const [language, head, delimiter] of [
  ['en', 'Phone,Reason,Expires', ','],
  ['ru', 'Телефон;Причина;Действует до', ';'],
  ['uk', 'Номер телефону\tПричина\tДіє до', '\t'],
  ['pl', 'NUMER TELEFONU;Powód;Ważny do', ';'],
] as const) {
  test(`a file with ${language} headers is understood`, async () => {
    const row = ['067 123 45 67', 'не заплатив', '31.01.2026'].join(delimiter)
    assert.deepEqual(await read(`\uFEFF${head}\r\n${row}\r\n`), {
      entries: [
        { phone: '+380671234567', reason: 'не заплатив', expiresAt: Date.UTC(2026, 0, 31, 21, 59, 59) },
      ],
    })
  })
}

test('a bare column of numbers needs no header', async () => {
  const reading = await read('0671234567\n0671234568\n')
  assert.deepEqual('entries' in reading && reading.entries.map(({ phone }) => phone), [
    '+380671234567',
    '+380671234568',
  ])
})

test('a file saved in the old Windows alphabet is read right', async () => {
  const cyrillic = Buffer.from([0xd2, 0xe5, 0xeb, 0xe5, 0xf4, 0xee, 0xed]) // «Телефон»
  const reading = await readEntries(Buffer.concat([cyrillic, Buffer.from('\n0671234567\n')]), reader)
  assert.deepEqual(reading, { entries: [{ phone: '+380671234567', reason: '' }] })
})

test('every wrong row is named with its number, its value and a sentence', async () => {
  const reading = await read(
    [
      'phone,reason,expires',
      '0671234567,fine,',
      'taxi,,',
      ',nobody,',
      '067 123 45 67,twice,',
      '3.80671E+11,,',
      '0671234568,,31.02.2026',
      '0671234569,,2025-12-31',
      `0671234560,${'x'.repeat(201)},`,
    ].join('\n'),
  )
  assert.ok('mistakes' in reading)
  assert.deepEqual(
    reading.mistakes.map(({ row, value }) => [row, value.slice(0, 12)]),
    [
      [3, 'taxi'],
      [4, ''],
      [5, '067 123 45 6'],
      [6, '3.80671E+11'],
      [7, '31.02.2026'],
      [8, '2025-12-31'],
      [9, 'x'.repeat(12)],
    ],
  )
  assert.match(reading.mistakes[2]?.sentence ?? '', /row 2 already/)
  assert.match(reading.mistakes[3]?.sentence ?? '', /format the column as text/)
})

test('rows are counted as the spreadsheet counts them, past empty lines and lines within a cell', async () => {
  const reading = await read('phone,reason\n\n0671234567,"two\nlines"\nwrong,\n')
  assert.deepEqual('mistakes' in reading && reading.mistakes.map(({ value }) => value), ['wrong'])
})

test('an xlsx file with numbers, dates and texts is understood', async () => {
  const file = await writeXlsx([
    ['Телефон', 'Причина', 'Діє до'],
    [380671234567, 'борг', { value: new Date(Date.UTC(2026, 5, 1)), type: Date, format: 'dd.mm.yyyy' }],
    [{ value: '+380671234568', type: String }, null, null],
  ]).toBuffer()
  assert.deepEqual(await readEntries(file, reader), {
    entries: [
      { phone: '+380671234567', reason: 'борг', expiresAt: Date.UTC(2026, 5, 1, 20, 59, 59) },
      { phone: '+380671234568', reason: '' },
    ],
  })
})

test('a broken xlsx file gives a sentence', async () => {
  const reading = await readEntries(Buffer.from('PK\x03\x04 is not enough'), reader)
  assert.ok('mistakes' in reading)
  assert.match(reading.mistakes[0]?.sentence ?? '', /cannot be read/)
})

test('a spreadsheet of the old kind is named as such', async () => {
  const reading = await readEntries(Buffer.from('d0cf11e0a1b11ae1000000', 'hex'), reader)
  assert.match(
    ('mistakes' in reading && reading.mistakes[0]?.sentence) || '',
    /\.xls.*save it as \.xlsx or CSV/,
  )
})

const Entries = fc.uniqueArray(
  fc.record({
    phone: fc.integer({ min: 0, max: 9_999_999 }).map((tail) => `+38067${String(tail).padStart(7, '0')}`),
    reason: fc.oneof(
      fc.string({ maxLength: 30 }),
      fc.constantFrom('=1+1', '@a', '-5', "'=x", '+7', 'a;b,"c"\nd'),
    ),
    // Ends before the autumn night whose one hour comes twice: local time cannot tell the two apart.
    minutes: fc.option(fc.integer({ min: 1, max: 400_000 })),
  }),
  { selector: ({ phone }) => phone, maxLength: 20 },
)

function toEntries(raw: { phone: string; reason: string; minutes: number | null }[]): Entry[] {
  return raw.map(({ phone, reason, minutes }) => ({
    list: 'black',
    phone,
    reason: reason.replace(/[^\x20-\x7e\n]/g, '').trim(),
    addedBy: 'user:ann',
    addedAt: now,
    ...(minutes === null ? {} : { expiresAt: now + minutes * 60_000 }),
  }))
}

test('what was exported is imported again as it was, in every format and language', async () => {
  await fc.assert(
    fc.asyncProperty(Entries, fc.constantFrom<Language>('ru', 'uk', 'pl', 'en'), async (raw, language) => {
      const entries = toEntries(raw)
      const plain = entries.map(({ phone, reason, expiresAt }) => {
        return { phone, reason, ...(expiresAt === undefined ? {} : { expiresAt }) }
      })
      const csv = await readEntries(toCsv(entries, language, reader.timeZone), reader)
      assert.deepEqual(csv, { entries: plain })
      const xlsx = await readEntries(await toXlsx(entries, language, reader.timeZone), reader)
      assert.deepEqual(xlsx, { entries: plain })
    }),
    { numRuns: 40 },
  )
})

test('reasons that are names in the language of the program do not spoil an exported file', async () => {
  const entries = Object.getOwnPropertyNames(Object.prototype).map((reason, index) => {
    const phone = `+3806700000${String(index).padStart(2, '0')}`
    return { list: 'black', phone, reason, addedBy: 'user:ann', addedAt: now }
  })
  const reading = await readEntries(await toXlsx(entries, 'en', reader.timeZone), reader)
  assert.deepEqual(reading, { entries: entries.map(({ phone, reason }) => ({ phone, reason })) })
})

test('no cell of an exported CSV can be taken for a formula', () => {
  fc.assert(
    fc.property(Entries, (raw) => {
      const csv = toCsv(toEntries(raw), 'uk', reader.timeZone).toString('utf8')
      const cells = parse(csv, { bom: true, delimiter: ';' }).flat()
      for (const cell of cells) assert.doesNotMatch(cell, /^(?:[=@-]|\+(?!\d+$))/)
    }),
  )
})

test('any bytes give entries or mistakes, never a crash', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.boolean(), async (bytes, asXlsx) => {
      const reading = await readEntries(
        Buffer.concat([Buffer.from(asXlsx ? 'PK\x03\x04' : ''), bytes]),
        reader,
      )
      assert.ok('entries' in reading || reading.mistakes.length > 0)
    }),
    { numRuns: 100 },
  )
})
