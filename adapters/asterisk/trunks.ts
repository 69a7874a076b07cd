import type { TrunkState } from '#core/ports/telephony.ts'
import type { Endpoint } from './ari/types.ts'
import type { Commands } from './commands.ts'
import type { Settings } from './settings.ts'

const states = { online: 'up', offline: 'down', unknown: 'unknown' } as const

/** Asterisk knows whether the other end of a line answers, where it asks (`qualify_frequency`) or is registered at. */
export async function readTrunks({
  commands,
  trunks,
}: {
  commands: Pick<Commands, 'read'>
  trunks: Settings['trunks']
}): Promise<TrunkState[]> {
  return await Promise.all(
    Object.entries(trunks).map(async ([name, way]): Promise<TrunkState> => {
      const path = toEndpointPath(way)
      const endpoint = path === undefined ? undefined : await commands.read<Endpoint>(path)
      if (path !== undefined && !endpoint) return { name, state: 'down' }
      return { name, state: states[endpoint?.state ?? 'unknown'] }
    }),
  )
}

/** `PJSIP/{digits}@kyivstar` leaves by the endpoint `kyivstar`. */
export function toEndpointPath(way: string): string | undefined {
  const [, technology, endpoint] = /^(\w+)\/[^@/]*@([^/?&\s]+)$/.exec(way) ?? []
  if (technology === undefined || endpoint === undefined) return undefined
  return `endpoints/${technology}/${encodeURIComponent(endpoint)}`
}
