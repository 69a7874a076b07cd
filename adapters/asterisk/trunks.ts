import type { TrunkState } from '#core/ports/telephony.ts'
import type { ConfigTuple, Endpoint } from './ari/types.ts'
import type { Commands } from './commands.ts'
import type { Settings } from './settings.ts'

type Read = Pick<Commands, 'read'>
type Seen = Omit<TrunkState, 'name'>

/** The line that a site has which names none. */
const onlyTrunk = 'trunk'

/** Asterisk knows whether the other end of a line answers, where it asks (`qualify_frequency`) or is registered at. */
export async function readTrunks({
  commands,
  settings: { trunk, trunks },
}: {
  commands: Read
  settings: Pick<Settings, 'trunk' | 'trunks'>
}): Promise<TrunkState[]> {
  const ways = Object.keys(trunks).length > 0 ? trunks : { [onlyTrunk]: trunk }
  return await Promise.all(
    Object.entries(ways).map(async ([name, way]) => ({ name, ...(await seen(commands, way)) })),
  )
}

async function seen(commands: Read, way: string): Promise<Seen> {
  const line = toEndpoint(way)
  if (!line) return { state: 'unknown', because: `the exchange does not look at lines dialled as ${way}` }
  const { technology, endpoint } = line
  const found = await commands.read<Endpoint>(`endpoints/${technology}/${encodeURIComponent(endpoint)}`)
  if (!found) return { state: 'down', because: `the exchange has no endpoint ${technology}/${endpoint}` }
  switch (found.state) {
    case 'online':
      return technology === 'PJSIP' && (await isNeverAsked(commands, endpoint))
        ? { state: 'unknown', because: `nobody asks its other end; give AOR ${endpoint} a qualify_frequency` }
        : { state: 'up' }
    case 'offline':
      return { state: 'down', because: 'its other end does not answer, or is not registered' }
    default:
      return { state: 'unknown', because: 'the exchange does not say whether its other end is there' }
  }
}

/** An address that stands in the files and is not asked counts as online there, whoever is behind it. */
async function isNeverAsked(commands: Read, endpoint: string): Promise<boolean> {
  const aors = (await configOf(commands, 'endpoint', endpoint))?.get('aors')?.split(',') ?? []
  const found = await Promise.all(aors.map((aor) => configOf(commands, 'aor', aor.trim())))
  return (
    found.length > 0 &&
    found.every(
      (aor) => aor !== undefined && !!aor.get('contact') && Number(aor.get('qualify_frequency')) === 0,
    )
  )
}

/** Also what stands in files; `undefined` where the exchange does not tell. */
async function configOf(
  commands: Read,
  type: 'endpoint' | 'aor',
  id: string,
): Promise<Map<string, string> | undefined> {
  const path = `asterisk/config/dynamic/res_pjsip/${type}/${encodeURIComponent(id)}`
  const fields = await commands.read<ConfigTuple[]>(path).catch(() => undefined)
  return fields && new Map(fields.map(({ attribute, value }) => [attribute, value]))
}

/** `PJSIP/{digits}@kyivstar` leaves by the endpoint `kyivstar`. */
export function toEndpoint(way: string): { technology: string; endpoint: string } | undefined {
  const [, technology, endpoint] = /^(\w+)\/[^@/]*@([^/?&\s]+)$/.exec(way) ?? []
  return technology === undefined || endpoint === undefined ? undefined : { technology, endpoint }
}
