/** The configuration of one test Asterisk, file by file. */
import { join } from 'node:path'
import { loaded, required } from './modules.ts'

export interface World {
  name: string
  folder: string
  modules: string
  sipPort: number
  ariPort: number
  rtp: { from: number; to: number }
  user: string
  password: string
  /** Where phones listen: extension to port. */
  phones: Record<string, number>
  /** Where the outside network is reached. */
  trunkPort: number
  /** Asterisk calls this address for the named applications. */
  outbound?: { url: string; apps: string } | undefined
  /** Seconds until a caller in Stasis whom nobody lifts out is led to the island. */
  guard: number
}

export function configFor(world: World): Record<string, string> {
  const empty = 'ccss queues queuerules features udptl acl codecs dsp stasis chan_websocket'.split(' ')
  return {
    ...Object.fromEntries(empty.map((name) => [`${name}.conf`, ''])),
    'asterisk.conf': asterisk(world),
    'modules.conf': lines(
      '[modules]',
      'autoload=no',
      ...required.map((module) => `require=${module}`),
      ...loaded.map((module) => `load=${module}`),
    ),
    'http.conf': lines(
      '[general]',
      'enabled=yes',
      'bindaddr=127.0.0.1',
      `bindport=${world.ariPort}`,
      'sessionlimit=2000',
    ),
    'ari.conf': ari(world),
    'websocket_client.conf': websocketClient(world),
    'pjsip.conf': pjsip(world),
    'extensions.conf': dialplan(world),
    'rtp.conf': lines('[general]', `rtpstart=${world.rtp.from}`, `rtpend=${world.rtp.to}`, 'strictrtp=no'),
    'logger.conf': lines('[general]', '[logfiles]', 'messages.log => notice,warning,error'),
    'musiconhold.conf': lines('[default]', 'mode=files', `directory=${join(world.folder, 'moh')}`),
    'indications.conf': indications(),
    'cdr.conf': lines('[general]', 'enable=no'),
    'cel.conf': lines('[general]', 'enable=no'),
    'manager.conf': lines('[general]', 'enabled=no'),
    'pjproject.conf': lines('[startup]'),
    'res_http_media_cache.conf': lines('[general]', 'timeout_secs=10'),
  }
}

function asterisk({ folder, modules, name }: World) {
  return lines(
    '[directories]',
    `astetcdir => ${join(folder, 'etc')}`,
    `astmoddir => ${modules}`,
    `astvarlibdir => ${join(folder, 'db')}`,
    `astdbdir => ${join(folder, 'db')}`,
    `astkeydir => ${join(folder, 'key')}`,
    `astdatadir => ${join(folder, 'data')}`,
    `astspooldir => ${join(folder, 'spool')}`,
    `astrundir => ${join(folder, 'run')}`,
    `astlogdir => ${join(folder, 'log')}`,
    '[options]',
    `systemname = ${name}`,
    `entityid = ${entityOf(folder)}`,
  )
}

/** Locally administered, so that no real card has it; two instances never share one. */
function entityOf(folder: string) {
  const digest = [...folder].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) >>> 0, 7)
  const bytes = [24, 16, 8, 0].map((shift) => ((digest >>> shift) & 255).toString(16).padStart(2, '0'))
  return `02:00:${bytes.join(':')}`
}

function ari({ outbound, password, user }: World) {
  return lines(
    '[general]',
    'enabled=yes',
    'websocket_write_timeout=1000',
    `[${user}]`,
    'type=user',
    'read_only=no',
    'password_format=plain',
    `password=${password}`,
    ...(outbound
      ? [
          '[callbus_out]',
          'type=outbound_websocket',
          'websocket_client_id=callbus_client',
          `apps=${outbound.apps}`,
          `local_ari_user=${user}`,
        ]
      : []),
  )
}

function websocketClient({ outbound }: World) {
  if (!outbound) return ''
  return lines(
    '[callbus_client]',
    'type=websocket_client',
    'connection_type=persistent',
    `uri=${outbound.url}`,
    'protocols=ari',
    'reconnect_interval=300',
  )
}

function pjsip({ phones, sipPort, trunkPort }: World) {
  return lines(
    '[global]',
    'type=global',
    'endpoint_identifier_order=ip,username',
    '[udp]',
    'type=transport',
    'protocol=udp',
    `bind=127.0.0.1:${sipPort}`,
    '[trunk]',
    'type=identify',
    'endpoint=trunk',
    'match=127.0.0.1',
    ...endpoint('trunk', trunkPort, 'from-trunk'),
    ...Object.entries(phones).flatMap(([extension, port]) => endpoint(extension, port, 'from-phones')),
  )
}

function endpoint(name: string, port: number, context: string) {
  return [
    `[${name}]`,
    'type=endpoint',
    `context=${context}`,
    `aors=${name}`,
    'disallow=all',
    'allow=alaw,ulaw',
    'direct_media=no',
    // Without a fixed address each call asks DNS for the host's own name.
    'media_address=127.0.0.1',
    'bind_rtp_to_media_address=yes',
    'rtp_symmetric=yes',
    'send_pai=yes',
    `[${name}]`,
    'type=aor',
    `contact=sip:${name}@127.0.0.1:${port}`,
    'qualify_frequency=0',
  ]
}

/**
 * Trunk calls go to Callbus; when it is not there, or gives them back, or leaves them alone too long, to the
 * island. `[plain]` has numbers that need nobody.
 */
function dialplan({ guard }: World) {
  return `[general]
static=yes
writeprotect=yes

[from-trunk]
exten => _[+0-9]!,1,Set(TIMEOUT(absolute)=${guard})
 same => n,Stasis(callbus,in,\${EXTEN})
 same => n,Goto(callbus-island,s,1)
exten => T,1,Goto(callbus-island,s,1)

[from-phones]
exten => _[+0-9]!,1,Stasis(callbus,out,\${EXTEN})
 same => n,Hangup()
exten => _*X!,1,Stasis(callbus,phone,\${EXTEN},\${CHANNEL(endpoint)})
 same => n,Hangup()

[callbus-island]
exten => s,1,Set(TIMEOUT(absolute)=600)
 same => n,Answer()
 same => n(again),Playback(island)
 same => n,Goto(again)
exten => T,1,Hangup()

[plain]
exten => echo,1,Answer()
 same => n,Echo()
exten => answer,1,Answer()
 same => n,Wait(600)
exten => busy,1,Busy(10)
exten => congestion,1,Congestion(10)
exten => ringing,1,Ringing()
 same => n,Wait(600)
exten => music,1,Answer()
 same => n,MusicOnHold()
`
}

function indications() {
  return lines(
    '[general]',
    'country=ua',
    '[ua]',
    'description=Ukraine',
    'ringcadence=1000,4000',
    'dial=425',
    'busy=425/330,0/330',
    'ring=425/1000,0/4000',
    'congestion=425/165,0/165',
    'callwaiting=425/165,0/165',
    'dialrecall=425/330,0/330',
    'record=1400/500,0/15000',
    'info=950/330,1400/330,1800/330,0/1000',
  )
}

function lines(...text: string[]) {
  return `${text.join('\n')}\n`
}
