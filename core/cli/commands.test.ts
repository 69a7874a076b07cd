import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pino } from 'pino'
import { openAri } from '../../adapters/asterisk/ari/ari.ts'
import { startAriSimulator } from '../../adapters/asterisk/simulator/simulator.ts'
import { callbus } from '../../test/support/command.ts'
import { livingCompany, makeSite } from '../../test/support/site.ts'
import { realClock } from '../clock.ts'

const asterisk = 'adapters: { asterisk: { password: secret } }\n'

test('help names every command, also those of adapters and plugins', async () => {
  await using site = await makeSite('')
  for (const words of [[], ['help'], ['--help']]) {
    const { code, out } = await callbus(words, site)
    assert.equal(code, 0)
    for (const name of 'start check doctor dry-run prompts schema new-plugin sim help asterisk-config taxi-master-scripts weather-dry-run'.split(
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

test('asterisk-config wants a site, since the living company has no real exchange', async () => {
  const { code, err } = await callbus(['asterisk-config'], { folder: '/' })
  assert.equal(err, 'Name the site: callbus asterisk-config --site FOLDER\n')
  assert.equal(code, 2)
})

test('doctor says of each trunk whether its other end is there, is not, or cannot be judged', async (t) => {
  const exchange = await startAriSimulator({ clock: realClock, log: pino({ level: 'silent' }) })
  t.after(() => exchange.stop())
  exchange.phone('kyivstar')
  exchange.phone('vodafone', { unreachable: true })
  const { url, user, password } = exchange
  await using site = await makeSite(`
voice: { engines: [silent] }
adapters:
  asterisk:
    url: ${url}/ari
    username: ${user}
    password: ${password}
    trunks:
      kyivstar: PJSIP/{digits}@kyivstar
      vodafone: PJSIP/{digits}@vodafone
      gsm: DAHDI/g1/{digits}
`)
  const { code, out } = await callbus(['doctor'], site)
  assert.match(out, /^✓ asterisk: connected$/m)
  assert.match(out, /^✓ trunk kyivstar: its other end is there$/m)
  assert.match(out, /^✗ trunk vodafone: its other end does not answer/m)
  assert.match(out, /^\? trunk gsm: cannot be judged: .*DAHDI/m)
  assert.equal(code, 1)
})

test('doctor takes no calls away from a Callbus that runs', async (t) => {
  const exchange = await startAriSimulator({ clock: realClock, log: pino({ level: 'silent' }) })
  t.after(() => exchange.stop())
  const { url, user, password } = exchange
  const running = await openAri({ url: `${url}/ari`, user, password, app: 'callbus' })
  t.after(() => running.close())
  const states: string[] = []
  running.onState(({ state }) => void states.push(state))
  await using site = await makeSite(`
voice: { engines: [silent] }
adapters:
  asterisk: { url: '${url}/ari', username: ${user}, password: ${password} }
  email: { host: 127.0.0.1, security: none, from: taxi@example.net }
`)
  const { code, out } = await callbus(['doctor'], site)
  assert.match(out, /^✓ asterisk: connected$/m)
  assert.match(out, /^✓ email: its settings are well/m)
  assert.equal(code, 0, out)
  assert.deepEqual(states, ['connected'])
  const heard = new Promise((resolve) =>
    running.onEvent(({ type }) => type === 'StasisStart' && resolve(type)),
  )
  exchange.ring({ from: '+380671234567', to: '+380443334455' })
  assert.equal(await heard, 'StasisStart')
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
  assert.match(out, /^✗ asterisk: \S+/m)
  assert.equal(code, 1)
})
