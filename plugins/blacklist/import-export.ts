import { CsvError, parse } from 'csv-parse/sync'
import { readSheet } from 'read-excel-file/node'
import writeXlsx from 'write-excel-file/node'
import { reasonOf } from '#core/errors.ts'
import type { Phones } from '#core/phones.ts'
import type { Language, Moment } from '#core/schema.ts'
import { type Column, columns, titles, toColumn } from './columns.ts'
import { toLastMoment, toLocal } from './local-time.ts'
import type { Entry, NewEntry } from './number-lists.ts'

/** What is wrong with one row of a file, counted as the spreadsheet counts: the first row is 1. */
export interface Mistake {
  row: number
  value: string
  sentence: string
}

export type Reading = { entries: NewEntry[] } | { mistakes: Mistake[] }

export interface Reader {
  phones: Phones
  language: string
  timeZone: string
  now: Moment
}

interface Line {
  row: number
  cells: string[]
}

export const reasonAtMost = 200
const rowsAtMost = 50_000
const mistakesAtMost = 200

/** Reads a CSV or xlsx file of numbers: every entry of it, or everything that is wrong with it. */
export async function readEntries(file: Buffer, reader: Reader): Promise<Reading> {
  if (isOldXls(file)) {
    const sentence = 'This is a spreadsheet of the old kind (.xls); save it as .xlsx or CSV.'
    return { mistakes: [{ row: 1, value: '', sentence }] }
  }
  let lines: Line[]
  try {
    lines = isXlsx(file) ? await readXlsxLines(file) : readCsvLines(toText(file, reader.language))
  } catch (thrown) {
    const row = thrown instanceof CsvError ? Number(thrown.lines ?? 1) : 1
    const reason = reasonOf(thrown).replace(/\.$/, '')
    return { mistakes: [{ row, value: '', sentence: `The file cannot be read: ${reason}.` }] }
  }
  return toEntries(
    lines.filter(({ cells }) => cells.some((cell) => cell !== '')),
    reader,
  )
}

function toEntries(lines: readonly Line[], reader: Reader): Reading {
  const [head, ...body] = lines
  if (!head) return { mistakes: [{ row: 1, value: '', sentence: 'The file is empty.' }] }
  if (lines.length > rowsAtMost) {
    const sentence = `The file has more than ${rowsAtMost} rows; send it in parts.`
    return { mistakes: [{ row: rowsAtMost + 1, value: '', sentence }] }
  }

  const isHeadless = reader.phones.toE164(head.cells[0] ?? '') !== undefined
  const layout = isHeadless ? [...columns] : head.cells.map(toColumn)
  if (!layout.includes('phone')) {
    const sentence = 'No column is called “Phone”; the first row must name the columns.'
    return { mistakes: [{ row: head.row, value: head.cells.join(' | ').slice(0, 100), sentence }] }
  }

  const entries: NewEntry[] = []
  const mistakes: Mistake[] = []
  const rowOf = new Map<string, number>()
  for (const { row, cells } of isHeadless ? lines : body) {
    const cell = (column: Column) => cells[layout.indexOf(column)] ?? ''
    const wrong = (value: string, sentence: string) =>
      mistakes.push({ row, value: value.slice(0, 100), sentence })

    const phone = toPhone(cell('phone'), reader, wrong)
    const reason = cell('reason')
    const expiresAt = toExpiry(cell('expires'), reader, wrong)
    if (reason.length > reasonAtMost) wrong(reason, `A reason has at most ${reasonAtMost} characters.`)
    if (phone === undefined) continue

    const earlier = rowOf.get(phone)
    if (earlier !== undefined) wrong(cell('phone'), `This number stands in row ${earlier} already.`)
    else rowOf.set(phone, row)
    entries.push({ phone, reason, ...(expiresAt === undefined ? {} : { expiresAt }) })
  }
  if (mistakes.length === 0) return { entries }
  return { mistakes: mistakes.slice(0, mistakesAtMost) }
}

type Wrong = (value: string, sentence: string) => void

function toPhone(value: string, { phones }: Reader, wrong: Wrong) {
  if (value === '') return void wrong(value, 'The phone number is missing.')
  if (/^\d+([.,]\d+)?e\+?\d+$/i.test(value)) {
    return void wrong(
      value,
      'The spreadsheet has shortened this number and its digits are lost; format the column as text.',
    )
  }
  return phones.toE164(value) ?? void wrong(value, 'This is not a phone number.')
}

function toExpiry(value: string, { now, timeZone }: Reader, wrong: Wrong) {
  if (value === '') return undefined
  const moment = toLastMoment(value, timeZone)
  if (moment === undefined)
    return void wrong(value, 'This is not a date; write 2026-12-31 or 31.12.2026, with 18:00 if needed.')
  return moment > now ? moment : void wrong(value, 'This date has passed.')
}

function isXlsx(file: Buffer): boolean {
  return file.subarray(0, 4).equals(Buffer.from('PK\x03\x04', 'latin1'))
}

function isOldXls(file: Buffer): boolean {
  return file.subarray(0, 8).equals(Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]))
}

async function readXlsxLines(file: Buffer): Promise<Line[]> {
  const sheet = await readSheet(file)
  return sheet.map((cells, index) => ({ row: index + 1, cells: cells.map(cellText) }))
}

/** Spreadsheet dates have no zone: the library gives the wall's time as UTC. */
function cellText(cell: unknown): string {
  if (cell instanceof Date) {
    const text = cell.toISOString().slice(0, 16).replace('T', ' ')
    return text.endsWith(' 00:00') ? text.slice(0, 10) : text
  }
  return cell === null || cell === undefined ? '' : String(cell).trim()
}

function readCsvLines(text: string): Line[] {
  const records: unknown[] = parse(text, {
    bom: true,
    delimiter: delimiterOf(text),
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    trim: true,
  })
  return (records as { record: string[]; info: { lines: number } }[]).map(({ record, info }) => {
    return { row: info.lines, cells: record.map(unguarded) }
  })
}

/** The one that parts the first row most often: spreadsheets of many countries write `;`. */
function delimiterOf(text: string): string {
  const [first = ''] = text.split(/\r?\n/, 1)
  const count = (mark: string) => first.split(mark).length
  return [';', ',', '\t'].reduce((best, mark) => (count(mark) > count(best) ? mark : best))
}

/** UTF-8 as a rule, but spreadsheets of the region also save as UTF-16 or in the old Windows alphabets. */
function toText(file: Buffer, language: string): string {
  if (file[0] === 0xff && file[1] === 0xfe) return new TextDecoder('utf-16le').decode(file)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(file)
  } catch {
    return new TextDecoder(language === 'pl' ? 'windows-1250' : 'windows-1251').decode(file)
  }
}

/** With a byte-order mark, so that spreadsheets read the letters right. */
export function toCsv(entries: readonly Entry[], language: Language, timeZone: string): Buffer {
  const delimiter = language === 'en' ? ',' : ';'
  const quoted = (cell: string) => (/[",;\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)
  const lines = toSheet(entries, language, timeZone).map((cells) =>
    cells.map(guarded).map(quoted).join(delimiter),
  )
  return Buffer.from(`\uFEFF${lines.join('\r\n')}\r\n`)
}

/** Every cell is a text, which no spreadsheet takes for a formula or a number. */
export async function toXlsx(
  entries: readonly Entry[],
  language: Language,
  timeZone: string,
): Promise<Buffer> {
  const sheet = toSheet(entries, language, timeZone).map((cells) =>
    cells.map((text) => ({ value: storable(text), type: String })),
  )
  return await writeXlsx(sheet, {
    columns: [{ width: 18 }, { width: 40 }, { width: 18 }, { width: 18 }, { width: 18 }],
  }).toBuffer()
}

/**
 * write-excel-file 4.1.1 looks its shared texts up in a plain object: a cell that says `constructor` would
 * spoil the whole file. A space behind it is another key, and the import trims it away.
 */
function storable(text: string): string {
  return text in Object.prototype ? `${text} ` : text
}

function toSheet(entries: readonly Entry[], language: Language, timeZone: string): string[][] {
  return [
    columns.map((column) => titles[language][column]),
    ...entries.map(({ phone, reason, expiresAt, addedBy, addedAt }) => [
      phone,
      reason,
      expiresAt === undefined ? '' : toLocal(expiresAt, timeZone),
      addedBy,
      toLocal(addedAt, timeZone),
    ]),
  ]
}

/** A spreadsheet would run a cell of CSV that begins like a formula; a number in E.164 is digits only and harmless. */
function guarded(cell: string): string {
  return /^'*[=+\-@]/.test(cell) && !/^\+\d+$/.test(cell) ? `'${cell}` : cell
}

function unguarded(cell: string): string {
  return /^'+[=+\-@]/.test(cell) ? cell.slice(1) : cell
}
