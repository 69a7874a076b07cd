import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkSettings } from '#core/settings.ts'
import { asteriskConfig } from './asterisk-config.ts'
import { configCommand } from './config-command.ts'
import { Settings } from './settings.ts'

const settings = {
  url: 'http://127.0.0.1:8088/ari',
  username: 'callbus',
  password: 'se;cret',
  app: 'callbus',
  guardSeconds: 45,
  islandContext: 'callbus-island',
  islandExtension: 's',
}
const site = {
  trunk: { host: 'sip.example.net' },
  phones: [
    { extension: '101', password: 'p1' },
    { extension: '102', password: 'p2' },
  ],
}

test('callers are guarded before they come to us, and reach the island whatever happens', () => {
  const dialplan = asteriskConfig(settings, site)['extensions.conf'] ?? ''
  const guarded = dialplan.indexOf('Set(TIMEOUT(absolute)=45)')
  const handedOver = dialplan.indexOf('Stasis(callbus,in,$')
  const island = dialplan.indexOf('Goto(callbus-island,s,1)')
  assert.ok(guarded > 0 && guarded < handedOver && handedOver < island)
  assert.match(dialplan, /exten => T,1,Goto\(callbus-island,s,1\)/)
  assert.match(dialplan, /\[callbus-island\]\nexten => s,1,Set\(TIMEOUT\(absolute\)=0\)/)
})

test('every phone can log in, and is rung on the island', () => {
  const files = asteriskConfig(settings, site)
  for (const { extension, password } of site.phones) {
    assert.match(files['pjsip.conf'] ?? '', new RegExp(`username=${extension}\npassword=${password}\n`))
    assert.match(files['queues.conf'] ?? '', new RegExp(`member => PJSIP/${extension}\n`))
  }
  assert.doesNotMatch(files['pjsip.conf'] ?? '', /type=registration/)
})

test('Asterisk dials us only when we listen', () => {
  assert.equal(asteriskConfig(settings, site)['websocket_client.conf'], '')
  assert.doesNotMatch(asteriskConfig(settings, site)['ari.conf'] ?? '', /outbound_websocket/)
  const listening = asteriskConfig(
    { ...settings, listen: { host: '0.0.0.0', port: 8089 } },
    { ...site, callbusHost: '10.0.0.7' },
  )
  assert.match(listening['websocket_client.conf'] ?? '', /uri=ws:\/\/10\.0\.0\.7:8089\/\n/)
  assert.match(listening['ari.conf'] ?? '', /type=outbound_websocket/)
})

test('a secret cannot end its line or add another', () => {
  assert.match(asteriskConfig(settings, site)['ari.conf'] ?? '', /password=se\\;cret\n/)
  assert.throws(() => asteriskConfig({ ...settings, password: 'a\n[evil]' }, site))
})

test('the trunk registers when the provider wants it', () => {
  const trunk = { host: 'sip.example.net', user: 'company', password: 'x' }
  const pjsip = asteriskConfig(settings, { ...site, trunk })['pjsip.conf'] ?? ''
  assert.match(
    pjsip,
    /type=registration\nserver_uri=sip:sip.example.net\nclient_uri=sip:company@sip.example.net/,
  )
})

test('each outside line that the settings name is a trunk of its own', () => {
  const trunks = {
    kyivstar: 'PJSIP/{digits}@kyivstar-out',
    'without-host': 'PJSIP/{number}@reserve',
    'the-usual': 'PJSIP/{number}@trunk',
    gsm: 'DAHDI/g1/{digits}',
  }
  const pjsip =
    asteriskConfig(
      { ...settings, trunks },
      { ...site, trunks: { kyivstar: { host: 'sip.other.example', user: 'taxi', password: 'x' } } },
    )['pjsip.conf'] ?? ''
  const endpoints = [...pjsip.matchAll(/^\[(.+)\]\ntype=endpoint\ncontext=from-trunk$/gm)].map(
    ([, name]) => name,
  )
  assert.deepEqual(endpoints, ['trunk', 'kyivstar-out', 'reserve'])
  for (const name of endpoints)
    assert.match(pjsip, new RegExp(`^\\[${name}\\]\ntype=aor\ncontact=\\S+\nqualify_frequency=30\n`, 'm'))
  assert.match(pjsip, /endpoint=kyivstar-out\nmatch=sip.other.example\n/)
  assert.match(pjsip, /client_uri=sip:taxi@sip.other.example\noutbound_auth=kyivstar-out\n/)
  assert.match(pjsip, /endpoint=reserve\nmatch=sip.example.net\n/)
})

test('the command takes what belongs to a line by its name', async () => {
  const printed: string[] = []
  const words = ['--trunk', 'sip.main.example', '--trunk', 'kyivstar=sip.other.example']
  await configCommand.run({
    settings: checkSettings(
      Settings,
      { username: 'callbus', password: 'x', trunks: { kyivstar: 'PJSIP/{digits}@kyivstar' } },
      '',
    ),
    words: [...words, '--trunk-user', 'kyivstar=taxi', '--trunk-password', 'kyivstar=a=b'],
    print: (line: string) => void printed.push(line),
  } as Parameters<typeof configCommand.run>[0])
  const all = printed.join('\n')
  assert.match(all, /\[trunk\]\ntype=identify\nendpoint=trunk\nmatch=sip.main.example\n/)
  assert.match(all, /\[kyivstar\]\ntype=identify\nendpoint=kyivstar\nmatch=sip.other.example\n/)
  assert.match(all, /username=taxi\npassword=a=b\n/)
})
