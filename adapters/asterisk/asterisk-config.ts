/**
 * What an Asterisk needs to work with a site, as the text of its configuration files. A caller whom Callbus
 * does not take, gives back, or leaves alone too long reaches the island: a plain queue of all phones.
 */
import type { Settings } from './settings.ts'
import { transferContextOf } from './translate.ts'

/** Until the provider has said where he is. */
export const unknownHost = 'sip.example.net'

export interface TrunkSite {
  host: string
  /** For a provider that wants us to register. */
  user?: string
  password?: string
}

export interface ExchangeSite {
  /** Who brings calls from the public network. */
  trunk: TrunkSite
  /** The same for outside lines that the settings name, by that name. */
  trunks?: Readonly<Record<string, TrunkSite>>
  phones: readonly { extension: string; password: string }[]
  /** Where Asterisk reaches us, when we listen on every address. */
  callbusHost?: string
}

export function asteriskConfig(
  settings: Pick<
    Settings,
    'url' | 'username' | 'password' | 'app' | 'listen' | 'guardSeconds' | 'islandContext' | 'islandExtension'
  > & { trunks?: Settings['trunks'] },
  site: ExchangeSite,
): Record<string, string> {
  return {
    'pjsip.conf': pjsip(site, settings.trunks),
    'extensions.conf': extensions(settings, site),
    'queues.conf': queues(settings.islandContext, site),
    'ari.conf': ari(settings),
    'http.conf': http(settings.url),
    'websocket_client.conf': websocketClient(settings, site),
  }
}

function pjsip({ trunk, trunks = {}, phones }: ExchangeSite, dialled: Settings['trunks'] = {}): string {
  const named = new Map(
    Object.entries(dialled).flatMap(([name, way]) => {
      const endpoint = pjsipEndpointOf(way)
      return endpoint === undefined ? [] : [[endpoint, trunks[name] ?? { host: unknownHost }] as const]
    }),
  )
  return sections(
    ['udp', { type: 'transport', protocol: 'udp', bind: '0.0.0.0:5060' }],
    ...trunkSections('trunk', trunk),
    ...[...named].filter(([name]) => name !== 'trunk').flatMap(([name, site]) => trunkSections(name, site)),
    ...phones.flatMap(({ extension, password }): Section[] => [
      [
        extension,
        {
          ...endpoint('from-phones', extension),
          auth: extension,
          rtp_symmetric: 'yes',
          force_rport: 'yes',
          rewrite_contact: 'yes',
        },
      ],
      [extension, { type: 'aor', max_contacts: 1, remove_existing: 'yes', qualify_frequency: 30 }],
      [extension, { type: 'auth', auth_type: 'userpass', username: extension, password }],
    ]),
  )
}

/** The endpoint behind `PJSIP/{digits}@kyivstar`; none behind a line of another kind. */
function pjsipEndpointOf(way: string): string | undefined {
  return /^PJSIP\/[^@]*@([^@/]+)$/i.exec(way)?.[1]
}

function trunkSections(name: string, { host, user, password = '' }: TrunkSite): Section[] {
  return [
    [
      name,
      {
        ...endpoint('from-trunk', name),
        // Whoever is joined with somebody outside is not told to him.
        send_connected_line: 'no',
        ...(user && { outbound_auth: name }),
      },
    ],
    // Within a minute somebody is told that its other end is away.
    [name, { type: 'aor', contact: `sip:${host}`, qualify_frequency: 30 }],
    [name, { type: 'identify', endpoint: name, match: host }],
    ...(user ? registration(name, { host, user, password }) : []),
  ]
}

/** Sound goes through Asterisk: what goes past it can be neither recorded nor heard keys in. */
function endpoint(context: string, aors: string) {
  return {
    type: 'endpoint',
    context,
    disallow: 'all',
    allow: 'alaw,ulaw',
    aors,
    direct_media: 'no',
    dtmf_mode: 'auto',
    rtp_timeout: 60,
  }
}

function registration(name: string, { host, user, password }: Required<TrunkSite>): Section[] {
  const server = `sip:${host}`
  return [
    [name, { type: 'auth', auth_type: 'userpass', username: user, password }],
    [
      name,
      {
        type: 'registration',
        server_uri: server,
        client_uri: `sip:${user}@${host}`,
        outbound_auth: name,
        contact_user: user,
      },
    ],
  ]
}

function extensions(
  {
    app,
    guardSeconds,
    islandContext,
    islandExtension,
  }: Pick<Settings, 'app' | 'guardSeconds' | 'islandContext' | 'islandExtension'>,
  { phones }: ExchangeSite,
): string {
  const island = `Goto(${islandContext},${islandExtension},1)`
  const longest = Math.max(2, ...phones.map(({ extension }) => extension.length))
  return `[general]
static=yes
writeprotect=yes

[from-trunk]
exten => _[+0-9]!,1,Set(TIMEOUT(absolute)=${guardSeconds})
 same => n,Stasis(${app},in,\${EXTEN})
 same => n,${island}
exten => T,1,${island}

[${islandContext}]
exten => ${islandExtension},1,Set(TIMEOUT(absolute)=0)
 same => n,Answer()
 same => n,Queue(${islandContext},,,,600)
 same => n,Hangup()

[${transferContextOf({ app })}]
exten => _[+*#0-9]!,1,Answer()
 same => n,Hangup()

[from-phones]
exten => _${'X'.repeat(longest)},1,Dial(PJSIP/\${EXTEN},30)
 same => n,Hangup()
exten => _[+0-9]!,1,Dial(PJSIP/\${EXTEN}@trunk,60)
 same => n,Hangup()
exten => _*X!,1,Set(TIMEOUT(absolute)=${guardSeconds})
 same => n,Stasis(${app},phone,\${EXTEN},\${CHANNEL(endpoint)})
 same => n,Hangup()
`
}

function queues(island: string, { phones }: ExchangeSite): string {
  const members = phones.map(({ extension }) => `member => PJSIP/${extension}\n`).join('')
  return `${sections(['general', { persistentmembers: 'no' }], [island, { strategy: 'ringall', musicclass: 'default', timeout: 20, retry: 2, ringinuse: 'no' }])}${members}`
}

function ari({
  username,
  password,
  app,
  listen,
}: Pick<Settings, 'username' | 'password' | 'app' | 'listen'>): string {
  return sections(
    // The default of 100 ms cuts us off for one long pause of ours, and events would be lost.
    ['general', { enabled: 'yes', websocket_write_timeout: 1000 }],
    [username, { type: 'user', read_only: 'no', password_format: 'plain', password }],
    ...(listen ? [outbound(app, username)] : []),
  )
}

function outbound(app: string, username: string): Section {
  return [
    `${app}-events`,
    {
      type: 'outbound_websocket',
      websocket_client_id: `${app}-events`,
      apps: app,
      local_ari_user: username,
      subscribe_all: 'no',
    },
  ]
}

function http(url: string): string {
  const { hostname, port, protocol } = new URL(url)
  return sections([
    'general',
    {
      enabled: 'yes',
      bindaddr: toAddress(hostname),
      bindport: port || (protocol === 'https:' ? 443 : 80),
      sessionlimit: 1000,
    },
  ])
}

/** Asterisk binds to addresses, not names: a name of another host means every address of it. */
function toAddress(hostname: string): string {
  if (hostname === 'localhost') return '127.0.0.1'
  return /^[0-9.]+$/.test(hostname) ? hostname : '0.0.0.0'
}

function websocketClient(
  { listen, app, username, password }: Pick<Settings, 'listen' | 'app' | 'username' | 'password'>,
  { callbusHost }: ExchangeSite,
): string {
  if (!listen) return ''
  const isEverywhere = listen.host === '0.0.0.0' || listen.host === '::'
  const host = callbusHost ?? (isEverywhere ? '127.0.0.1' : listen.host)
  return sections([
    `${app}-events`,
    {
      type: 'websocket_client',
      connection_type: 'persistent',
      uri: `ws://${host}:${listen.port}/`,
      protocols: 'ari',
      username,
      password,
      reconnect_interval: 500,
    },
  ])
}

type Section = [name: string, entries: Record<string, string | number>]

function sections(...all: Section[]): string {
  return all
    .map(([name, entries]) => {
      const lines = Object.entries(entries).map(([key, value]) => `${key}=${toValue(value)}\n`)
      return `[${toValue(name)}]\n${lines.join('')}`
    })
    .join('\n')
}

/** A semicolon begins a comment there. */
function toValue(value: string | number): string {
  const text = String(value)
  if (/[\r\n]/.test(text)) throw new Error('A value of an Asterisk file cannot hold a line break.')
  return text.replaceAll(';', '\\;')
}
