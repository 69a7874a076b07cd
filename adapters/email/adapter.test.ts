import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { connectAdapter } from '#core/adapter-host.ts'
import { realClock } from '#core/clock.ts'
import type { CallbusError } from '#core/errors.ts'
import { type SmtpServerRules, startSmtpServer } from '../../test/support/smtp-server.ts'
import { openTestLog } from '../../test/support/test-log.ts'
import { cert, key } from '../taxi-master/simulator/certificate.ts'
import { adapter } from './adapter.ts'

const message = {
  id: 'queue-1/Олена/email',
  at: Date.UTC(2026, 0, 15, 12),
  subject: 'Клієнт чекає довше ніж 3 хв\r\nBcc: thief@example.com',
  text: '.крапка на початку',
  because: 'Олена відповідає за черги',
}
const never = new AbortController().signal

async function open(t: TestContext, rules: Partial<SmtpServerRules> = {}, settings: object = {}) {
  const cleanup = new AsyncDisposableStack()
  t.after(() => cleanup.disposeAsync())
  const folder = await mkdtemp(join(tmpdir(), 'callbus-mail-'))
  cleanup.defer(() => rm(folder, { recursive: true }))
  const server = cleanup.use(await startSmtpServer({ key, cert, ...rules }))
  const { log } = openTestLog()
  const carrier = await connectAdapter(
    adapter,
    {
      host: 'localhost',
      port: server.port,
      from: 'callbus@taxi.example',
      user: 'bus',
      password: 'secret',
      certificateAuthority: cert,
      ...settings,
    },
    () => undefined,
    { cleanup, clock: realClock, log, site: { dataFolder: folder } as never, facts: async () => [] },
  )
  return { carrier, server, folder }
}

const codeOf = (code: string) => (thrown: unknown) => (thrown as CallbusError).code === code
const decodedBodyOf = (mail: string) =>
  Buffer.from(mail.slice(mail.indexOf('\r\n\r\n') + 4), 'base64').toString()

for (const ways of ['PLAIN', 'LOGIN'])
  test(`a mail is handed over encrypted and signed in by ${ways}; a subject begins no other header`, async (t) => {
    const { carrier, server } = await open(t, { ways })
    await carrier.carry(message, 'olena@taxi.example', never)
    const [received] = server.received
    assert.ok(received)
    const { mail, ...envelope } = received
    assert.deepEqual(envelope, {
      from: 'callbus@taxi.example',
      to: 'olena@taxi.example',
      isEncrypted: true,
      user: 'bus:secret',
    })
    assert.ok(mail.split('\r\n').every((line) => line.length < 78 && !line.startsWith('Bcc')))
    assert.match(decodedBodyOf(mail), /^\.крапка на початку\n\nОлена відповідає/)
  })

test('a recording goes along; one that is gone is only named', async (t) => {
  const { carrier, server, folder } = await open(t)
  const file = join(folder, 'talk.wav')
  await writeFile(file, Buffer.alloc(1_000, 7))
  const attachment = { file, name: 'скарга.wav', type: 'audio/wav' }
  await carrier.carry({ ...message, attachment }, 'olena@taxi.example', never)
  await carrier.carry(
    { ...message, attachment: { ...attachment, file: `${file}.gone` } },
    'olena@taxi.example',
    never,
  )
  const [sent, without] = server.received.map(({ mail }) => mail)
  assert.match(sent ?? '', /Content-Type: audio\/wav/)
  assert.ok(sent?.replaceAll('\r\n', '').includes(Buffer.alloc(900, 7).toString('base64')))
  assert.match(decodedBodyOf(without ?? ''), /\[скарга\.wav\]/)
})

test('no for ever is final, everything else may be tried again', async (t) => {
  const carry = async (rules: Partial<SmtpServerRules>, settings = {}, to = 'olena@taxi.example') => {
    const { carrier, server } = await open(t, rules, settings)
    await assert.rejects(carrier.carry(message, to, never), (thrown: CallbusError) => {
      codes.push(thrown.code)
      return true
    })
    assert.deepEqual(server.received, [])
  }
  const codes: string[] = []
  await carry({ says: { RCPT: '550 nobody here' } })
  await carry({ says: { RCPT: '450 later' } })
  await carry({ says: { AUTH: '535 wrong password' } })
  await carry({ canEncrypt: false })
  await carry({}, { certificateAuthority: undefined })
  await carry({}, {}, 'olena@taxi.example>\r\nDATA')
  const unsent = 'MESSAGE_UNSENT'
  assert.deepEqual(codes, ['MESSAGE_REFUSED', unsent, unsent, unsent, unsent, 'MESSAGE_REFUSED'])
})

test('whoever waits for a silent server is free as soon as he gives up', async (t) => {
  const { carrier } = await open(t, { says: { EHLO: '250-and so on' } })
  const giveUp = new AbortController()
  const carrying = carrier.carry(message, 'olena@taxi.example', giveUp.signal)
  giveUp.abort(new Error('no longer'))
  await assert.rejects(carrying, /no longer/)
})

test('nothing is said in the open to another machine', async (t) => {
  await assert.rejects(open(t, {}, { host: 'mail.example', security: 'none' }), codeOf('SETTINGS_INVALID'))
})
