import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { callbus, startCallbus } from '../../test/support/command.ts'
import { freePort } from '../../test/support/ports.ts'
import { livingCompany, makeSite } from '../../test/support/site.ts'

const asterisk = 'adapters: { asterisk: { password: secret } }\n'

test('help names every command, also those of adapters and plugins', async () => {
  await using site = await makeSite('')
  for (const words of [[], ['help'], ['--help']]) {
    const { code, out } = await callbus(words, site)
    assert.equal(code, 0)
    for (const name of 'start check doctor dry-run sign-in token prompts schema new-plugin sim help asterisk-config taxi-master-scripts weather-dry-run'.split(
      ' ',
    )) {
      assert.match(out, new RegExp(`^  ${name}\\b`, 'm'))
    }
  }
})

for (const [words, sentence] of [
  [['strat'], 'There is no command `strat`; did you mean `start`?\n'],
  [['constructor'], 'There is no command `constructor`; `callbus help` lists them.\n'],
  [['check', '--site'], 'Write the folder of the site after --site, for example --site /etc/callbus\n'],
  [['prompts', '--language', 'de'], 'Write a language after --language: ru, uk, pl, en\n'],
  [['sim', 'asterix'], 'Name whom to simulate: taxi-master, whisper. For example: callbus sim taxi-master\n'],
  [['sim', 'taxi-master', '--orders', '99'], 'Write a number from 1 to 30 after --orders\n'],
  [
    ['sign-in', 'olena', '--role', 'boss'],
    'Write a role after --role: operator, supervisor, administrator, integrator\n',
  ],
  [['token', 'crm', '--rights', 'calls.red'], 'There is no right calls.red; did you mean `calls.read`?\n'],
  [['new-plugin'], 'Name the plugin in lower case with dashes: callbus new-plugin night-greeting\n'],
  [
    ['new-plugin', 'Night_Greeting'],
    'Name the plugin in lower case with dashes: callbus new-plugin night-greeting\n',
  ],
  [['new-plugin', 'console'], 'There is a plugin named console already. Choose another name.\n'],
] as const) {
  test(`\`callbus ${words.join(' ')}\` is answered: ${sentence.trim()}`, async () => {
    await using site = await makeSite('')
    const { code, err } = await callbus(words, site)
    assert.equal(err, sentence)
    assert.equal(code, 2)
  })
}

test('check finds no mistake in a good site', async () => {
  await using site = await makeSite(livingCompany())
  const { code, out } = await callbus(['check', '--site', site.folder], { folder: '/' })
  assert.equal(code, 0, out)
  assert.match(out, /^✓ .*callbus\.yaml has no mistakes\./)
})

test('check tells every mistake of plugins, adapters, lines and prompts in a line of its own', async () => {
  await using site = await makeSite(`
lines: [{ screens: [blaklist] }]
adapters: { asterix: {}, taxi-master: { url: 'https://192.0.2.1:8089', keys: { tapi: x } } }
plugins: { blacklist: {}, consol: {}, order-status: { patience: long }, broken: {} }
`)
  await site.write('plugins/broken/plugin.ts', 'throw new Error("half written")\n')
  await site.write('prompts/uk/operators/nobodyfree.wav', '')
  const { code, out } = await callbus(['check'], site)
  assert.equal(code, 1)
  const expected = [
    '`adapters.asterix`: there is no adapter of this name; did you mean `asterisk`?',
    '`adapters.taxi-master.keys.commonApi` is missing',
    '`adapters` names no exchange',
    '`plugins.consol`: there is no plugin of this name; did you mean `console`?',
    '`plugins.order-status.patience` must be a whole number, but is "long"',
    '`plugins.broken`: its code cannot be loaded: half written',
    '`lines.0.screens` names `blaklist`, which does not run; did you mean `blacklist`?',
    'prompts/uk/operators/nobodyfree.wav: no text has this name',
  ]
  const lines = out.trim().split('\n')
  for (const sentence of expected) {
    assert.ok(
      lines.some((line) => line.startsWith('✗ ') && line.includes(sentence)),
      `${sentence} is missing in:\n${out}`,
    )
  }
  assert.equal(lines.length, expected.length, out)
})

for (const [yaml, sentences] of [
  [
    `site: { timeZone: Kiev/City, country: XX }\n${asterisk}`,
    [
      '✗ `site.country` must be the ISO 3166 code of a country with telephones, but is "XX".',
      '✗ `site.timeZone` must be an IANA name, for example Europe/Kyiv, but is "Kiev/City".',
    ],
  ],
  [
    "adapters: { asterisk: { password: x, lanes: 0, guardSeconds: 1 } }\nplugins: { operators: { phones: ['101'] } }\n",
    [
      '✗ `adapters.asterisk.lanes` must be at least 1, but is 0.',
      '✗ `adapters.asterisk.guardSeconds` must be at least 15, but is 1.',
    ],
  ],
  [
    'adapters: { asterisk: { password: x }, taxi-master: { simulated: true }, generic-dispatch: { simulated: true } }\n',
    ['✗ `adapters` names more than one dispatch program (taxi-master, generic-dispatch); keep one.'],
  ],
] as const) {
  test(`check says: ${sentences.join(' ')}`, async () => {
    await using site = await makeSite(yaml)
    const { code, out, err } = await callbus(['check'], site)
    assert.deepEqual(out.trim().split('\n'), sentences)
    assert.deepEqual([code, err], [1, ''])
  })
}

test('prompts lists each text with the file that would replace it, and marks what is recorded', async () => {
  await using site = await makeSite(livingCompany())
  await site.write('prompts/en/operators/nobodyFree.wav', 'no sound')
  const { code, out } = await callbus(['prompts', '--language', 'en'], site)
  assert.match(out, /^● prompts\/en\/operators\/nobodyFree\.wav\n {4}\S+/m)
  assert.match(out, /^○ prompts\/en\/order-status\/noCarYet\.wav\n {4}No car has been found/m)
  assert.doesNotMatch(out, /prompts\/(ru|uk|pl)/)
  assert.match(out, /^✗ prompts\/en\/operators\/nobodyFree\.wav: it cannot be played/m)
  assert.equal(code, 1)
})

test('sign-in and token let people and programs into a house that is open, and hand on no right one has not', async () => {
  await using site = await makeSite(livingCompany({ port: await freePort() }))
  const early = await callbus(['sign-in'], site)
  assert.match(early.err, /^No house was opened here yet: there is no \S+callbus\.sqlite/)
  assert.equal(existsSync(join(site.folder, 'data')), false)

  await using house = startCallbus(['start'], { folder: site.folder })
  const [, address = ''] = await house.prints(/Console: (http:\/\/[^/]+)\//)
  assert.match((await callbus(['sign-in', 'olena'], site)).err, /^There is nobody named olena\. .*--role/)
  const { out } = await callbus(['sign-in', 'olena', '--role', 'operator'], site)
  const [, link = ''] = /^olena, operator: (\S+)$/m.exec(out) ?? []
  assert.ok(link.startsWith(address), out)
  const { headers } = await fetch(link, { redirect: 'manual' })
  const [cookie = ''] = headers.getSetCookie()[0]?.split(';') ?? []
  const me = await fetch(`${address}/api/v1/me`, { headers: { cookie } }).then((answer) => answer.json())
  assert.deepEqual([me.name, me.role], ['olena', 'operator'])

  const secret = (await callbus(['token', 'crm', '--rights', 'calls.read'], site)).out.trim()
  const ask = (path: string) =>
    fetch(`${address}${path}`, { headers: { authorization: `Bearer ${secret}` } }).then(
      ({ status }) => status,
    )
  assert.deepEqual([await ask('/api/v1/calls'), await ask('/api/v1/users')], [200, 403])
  const greedy = await callbus(['token', 'crm', '--rights', 'users.edit', '--of', 'olena'], site)
  assert.equal(greedy.err, 'olena is operator and has no right users.edit to hand on.\n')
})

test('schema prints the schema that completes a plugin’s settings', async () => {
  await using site = await makeSite('')
  const { code, out } = await callbus(['schema'], site)
  assert.equal(code, 0)
  const { properties } = JSON.parse(out)
  assert.ok(properties.plugins.properties['order-status'].anyOf[1].properties.patience)
  assert.ok(properties.adapters.properties.asterisk.anyOf[1].properties.password)
})

test('asterisk-config prints the files of an exchange, with a password of its own for each phone', async () => {
  await using site = await makeSite(asterisk)
  const words = ['asterisk-config', '--trunk', 'sip.example.net', '--phones', '201,202']
  const { code, out } = await callbus([...words, '--site', site.folder], { folder: '/' })
  assert.equal(code, 0)
  for (const file of ['pjsip', 'extensions', 'queues', 'ari', 'http', 'websocket_client']) {
    assert.match(out, new RegExp(`^; ---- ${file}\\.conf ----$`, 'm'))
  }
  const passwords = [...out.matchAll(/^username=20\d\npassword=(\S+)$/gm)].map(([, password]) => password)
  assert.equal(new Set(passwords).size, 2)
})

for (const [words, sentence] of [
  [['--trnk', 'sip.example.net'], 'There is no option --trnk; did you mean `trunk`?\n'],
  [['--phones', '101,abc'], 'A phone after --phones has two to six digits, as in 101,102; "abc" has not\n'],
  [['--trunk', 'a b'], 'The value of --trunk may hold no spaces, semicolons or brackets, but is "a b"\n'],
] as const) {
  test(`asterisk-config makes no files of a slip of the pen: ${words.join(' ')}`, async () => {
    await using site = await makeSite(asterisk)
    const { code, out } = await callbus(['asterisk-config', ...words], site)
    assert.deepEqual([code, out], [2, sentence])
  })
}

test('asterisk-config wants a site, since the living company has no real exchange', async () => {
  const { code, err } = await callbus(['asterisk-config'], { folder: '/' })
  assert.equal(err, 'Name the site: callbus asterisk-config --site FOLDER\n')
  assert.equal(code, 2)
})

test('doctor tries each neighbour and says which one is ill', async () => {
  await using site = await makeSite(`
voice: { engines: [silent] }
adapters:
  asterisk: { url: 'http://127.0.0.1:1/ari', password: secret }
  taxi-master: { simulated: true }
`)
  const { code, out } = await callbus(['doctor'], site)
  assert.match(out, /^✓ database: /m)
  assert.match(out, /^✓ voice: /m)
  assert.match(out, /^✓ taxi-master: connected$/m)
  assert.match(out, /^✗ asterisk: The exchange cannot be reached: .*127\.0\.0\.1:1/m)
  assert.equal(code, 1)
})

test('doctor goes on to the next neighbour when one is silent, and opens no door that the house has', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port } = taken.address() as AddressInfo
  await using site = await makeSite(`
voice: { engines: [silent] }
mqtt: { url: 'mqtt://127.0.0.1:1' }
adapters:
  asterisk: { url: 'http://127.0.0.1:1/ari', password: secret, listen: { port: ${port} } }
  email: { host: 127.0.0.1, port: 1, from: taxi@example.com }
  webhook: { secret: sixteen-letters-and-more-of-them-here }
`)
  const { code, out, err } = await callbus(['doctor'], site)
  taken.close()
  assert.match(out, /^✗ broker: The MQTT broker cannot be reached: .*ECONNREFUSED/m)
  assert.match(out, /^✗ asterisk: The exchange cannot be reached/m)
  assert.match(out, /^✓ email: its settings are well/m)
  assert.match(out, /^✓ webhook: its settings are well/m)
  assert.equal(err, '')
  assert.equal(code, 1)
})
