import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { CallbusError, sentence } from './errors.ts'
import { houseFolder } from './registry.ts'
import { Type } from './schema.ts'
import { checkSettings, parseSettings, readSettings } from './settings.ts'

/** What the settings are told to be wrong with, without the sentence around it. */
function told(act: () => unknown): string {
  try {
    act()
  } catch (thrown) {
    assert.ok(thrown instanceof CallbusError, String(thrown))
    return thrown.message
  }
  return 'nothing is wrong'
}
const toldOf = (yaml: string) => told(() => parseSettings(yaml, '/site/callbus.yaml'))

test('an empty file is a site with every default', () => {
  const settings = parseSettings('', 'callbus.yaml')
  assert.equal(settings.http.host, '127.0.0.1')
  assert.equal(settings.http.port, 8080)
  assert.deepEqual(Object.keys(settings.plugins), [
    'blacklist',
    'driver-bridge',
    'repeat-caller',
    'order-status',
    'operators',
    'recording',
    'call-record-links',
    'dispatch-door',
    'console',
  ])
  assert.equal(settings.lines[0]?.number, '*')
})

test('the living company has valid settings', () => {
  const settings = readSettings(join(houseFolder, 'core', 'living-company.yaml'))
  assert.deepEqual(settings.adapters.asterisk, { simulated: true })
})

const mistakes: Record<string, [yaml: string, sentence: string]> = {
  'an unknown key, with a guess': [
    'http: { prot: 80 }',
    '`http.prot` is not a setting; did you mean `port`?',
  ],
  'an unknown key that is like no other, with the choice': [
    'http: { colour: red }',
    '`http.colour` is not a setting; there is `host`, `port`, `isSecure`, `trustProxy`',
  ],
  'an unknown section': ['plugin: {}', '`plugin` is not a setting; did you mean `plugins`?'],
  'an unknown key in a list': ['lines: [{ nam: x }]', '`lines.0.nam` is not a setting; did you mean `name`?'],
  'text for a number': ['http: { port: eighty }', '`http.port` must be a whole number, but is "eighty"'],
  'a fraction for a whole number': [
    'http: { port: 80.5 }',
    '`http.port` must be a whole number, but is 80.5',
  ],
  'a number for text': ['site: { title: 7 }', '`site.title` must be text, but is 7'],
  'too small': ['calls: { stopPatience: -1 }', '`calls.stopPatience` must be at least 0, but is -1'],
  'too large': ['http: { port: 70000 }', '`http.port` must be at most 65535, but is 70000'],
  'a word that is not offered': [
    'site: { language: de }',
    '`site.language` must be one of ru, uk, pl, en, but is "de"',
  ],
  'a word that is nearly offered': [
    'voice: { engines: [espeak] , espeak: {} }\nsite: { language: ukr }',
    '`site.language` must be one of ru, uk, pl, en (uk?), but is "ukr"',
  ],
  'a pattern, with an example': [
    'mqtt: { url: broker.example }',
    '`mqtt.url` must match ^(mqtts?|wss?)://, for example mqtts://broker.example:8883, but is "broker.example"',
  ],
  'an empty list': ['voice: { engines: [] }', '`voice.engines` must not be empty, but is a list'],
  'a list for a section': ['http: [1]', '`http` must be a section with settings of its own, but is a list'],
  'a value for a plugin': [
    'plugins: { console: 5 }',
    '`plugins.console` must be true or false or empty or a section with settings of its own, but is 5',
  ],
  'a file that is a list': ['- http', 'the file must be a section with settings of its own, but is a list'],
}

for (const [what, [yaml, expected]] of Object.entries(mistakes)) {
  test(`it says of ${what}: ${expected}`, () => {
    const message = toldOf(yaml)
    assert.ok(message.includes(expected), message)
    assert.ok(message.startsWith('The settings are not valid: '))
  })
}

test('all mistakes are told at once', () => {
  const message = toldOf('http: { prot: 1, port: x }\nsite: { nam: y }\ncalls: { music: 1 }\nlines: 4')
  for (const path of ['http.prot', 'http.port', 'site.nam', 'calls.music', 'lines']) {
    assert.ok(message.includes(`\`${path}\``), `${path} is missing in: ${message}`)
  }
})

test('bad YAML is told with its line and without the text around it', () => {
  const message = toldOf('site:\n  title: "Taxi\nhttp: secret')
  assert.match(
    message,
    /^The settings file \/site\/callbus\.yaml cannot be read: .* at line \d+, column \d+\. /,
  )
  assert.doesNotMatch(message, /secret/)
})

test('a missing environment variable is named', () => {
  const message = toldOf('mqtt: { username: !env CALLBUS_TEST_UNSET }')
  assert.match(message, /the environment variable CALLBUS_TEST_UNSET is not set at line 1/)
})

test('a missing file is told with its whole path', () => {
  assert.equal(
    told(() => readSettings('/nowhere/callbus.yaml')),
    sentence('SETTINGS_UNREADABLE', { file: '/nowhere/callbus.yaml', reason: 'there is no such file' }),
  )
})

test('secrets come from the environment or from a file beside the settings', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'callbus-settings-'))
  t.after(() => rm(folder, { recursive: true }))
  await writeFile(join(folder, 'secret.key'), 'from a file\n')
  await writeFile(
    join(folder, 'callbus.yaml'),
    'site: { title: !env CALLBUS_TEST_TITLE }\nadapters: { asterisk: { password: !file secret.key } }\n',
  )
  process.env.CALLBUS_TEST_TITLE = 'From the environment'
  t.after(() => delete process.env.CALLBUS_TEST_TITLE)

  const settings = readSettings(join(folder, 'callbus.yaml'))
  assert.equal(settings.site.title, 'From the environment')
  assert.deepEqual(settings.adapters.asterisk, { password: 'from a file' })

  await rm(join(folder, 'secret.key'))
  assert.match(
    told(() => readSettings(join(folder, 'callbus.yaml'))),
    /the file secret\.key does not exist at line 2/,
  )
})

test('a wrong secret is not shown', () => {
  const shape = Type.Object({
    password: Type.String({ maxLength: 3 }),
    pin: Type.String({ writeOnly: true }),
  })
  const message = told(() => checkSettings(shape, { password: 'hunter2', pin: 1234 }, 'adapters.x'))
  assert.match(message, /`adapters\.x\.pin` must be text/)
  assert.doesNotMatch(message, /hunter2|1234/)
})

test('a required setting is called missing', () => {
  const shape = Type.Object({ keys: Type.Object({ tapi: Type.String() }) })
  assert.match(
    told(() => checkSettings(shape, { keys: {} }, 'adapters.x')),
    /`adapters\.x\.keys\.tapi` is missing/,
  )
})

test('any text gives settings or a coded error', async () => {
  const own = await readFile(join(houseFolder, 'core', 'living-company.yaml'), 'utf8')
  const pieces = fc.array(
    fc.constantFrom(
      '&a ',
      '*a',
      '? ',
      ': ',
      '- ',
      '{',
      '}',
      '[',
      ']',
      '!env ',
      '!file ',
      '|\n',
      '\n  ',
      '\n',
      '"',
      '#',
      '---',
      '<<',
      '__proto__',
      'constructor',
      'http',
      'lines',
      'null',
      '1e99',
      '.inf',
      'port',
      'plugins',
      '\u0000',
      '\t',
    ),
    { maxLength: 30 },
  )
  const edited = fc
    .record({ at: fc.nat(own.length), gone: fc.nat(20), put: fc.string({ maxLength: 8 }) })
    .map(({ at, gone, put }) => own.slice(0, at) + put + own.slice(at + gone))
  const parsed = fc.json().filter((text) => text.length < 2_000)
  const any = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    pieces.map((each) => each.join('')),
    edited,
    parsed,
  )
  fc.assert(
    fc.property(any, (text) => {
      try {
        assert.equal(typeof parseSettings(text, '/site/callbus.yaml').http.port, 'number')
      } catch (thrown) {
        assert.ok(thrown instanceof CallbusError, String(thrown))
        assert.match(thrown.code, /^SETTINGS_(INVALID|UNREADABLE)$/)
      }
    }),
    { numRuns: 1_000 },
  )
})
