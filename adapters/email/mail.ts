/** A message as a mail (RFC 5322, MIME), all of it ASCII with lines short enough for any server. */
import { createHash } from 'node:crypto'
import type { Message } from '#core/ports/messages.ts'

export interface Enclosed {
  name: string
  type: string
  content: Buffer
}

export function toMail(
  { id, at, subject, text, because }: Omit<Message, 'attachment'>,
  { from, fromName, to }: { from: string; fromName: string; to: string },
  enclosed?: Enclosed,
): string {
  const digest = createHash('sha256').update(id).digest('hex').slice(0, 32)
  const boundary = `part-${digest}`
  const head = [
    `From: ${encoded(fromName)} <${from}>`,
    `To: <${to}>`,
    `Subject: ${encoded(subject)}`,
    `Date: ${new Date(at).toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${digest}@${from.slice(from.lastIndexOf('@') + 1)}>`,
    'Auto-Submitted: auto-generated',
    'MIME-Version: 1.0',
  ]
  const body = [
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    ...lines(Buffer.from(`${text}\n\n${because}\n`)),
  ]
  if (!enclosed) return [...head, ...body, ''].join('\r\n')
  return [
    ...head,
    `Content-Type: multipart/mixed; boundary="${boundary}"`,
    '',
    `--${boundary}`,
    ...body,
    `--${boundary}`,
    `Content-Type: ${enclosed.type}`,
    'Content-Transfer-Encoding: base64',
    `Content-Disposition: attachment; filename*=utf-8''${encodeURIComponent(enclosed.name)}`,
    '',
    ...lines(enclosed.content),
    `--${boundary}--`,
    '',
  ].join('\r\n')
}

const lines = (bytes: Buffer) => bytes.toString('base64').match(/.{1,76}/g) ?? []

/** As encoded words (RFC 2047) where it is not plain; a line break would begin another header. */
function encoded(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  if (/^[\w ,.:!?'+-]*$/.test(line) && line.length < 60) return line
  const words: string[] = []
  let word = ''
  for (const character of line) {
    if (Buffer.byteLength(word + character) > 42) {
      words.push(word)
      word = ''
    }
    word += character
  }
  return [...words, word].map((each) => `=?utf-8?B?${Buffer.from(each).toString('base64')}?=`).join('\r\n ')
}
