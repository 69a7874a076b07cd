/** What we need from whoever knows the weather. */
import type { Weather } from '../weather.ts'

export interface Spot {
  latitude: number
  longitude: number
}

export interface Provider {
  readonly name: string
  /** Rejects when it is away, refuses or says something that cannot be read. */
  weatherAt(spot: Spot, signal: AbortSignal): Promise<Weather>
}

/** Asks for JSON; the sentence of a failure names neither key nor query. */
export async function askJson(
  url: URL,
  signal: AbortSignal,
  headers: Record<string, string> = {},
): Promise<unknown> {
  const answer = await fetch(url, { signal, headers: { accept: 'application/json', ...headers } }).catch(
    (thrown: unknown) => {
      if (signal.aborted) throw new Error(`${url.host} did not answer in time`)
      throw new Error(`${url.host} cannot be reached`, { cause: thrown })
    },
  )
  if (!answer.ok) {
    await answer.body?.cancel()
    throw new Error(`${url.host} answered with status ${answer.status}`)
  }
  return await answer.json().catch(() => {
    throw new Error(`${url.host} answered something that is no JSON`)
  })
}

/** Rain that falls onto frozen ground freezes there, whether the provider says so or not. */
export function freezes(rain: number, temperature: number): boolean {
  return rain > 0 && temperature <= 0
}

export class Unreadable extends Error {
  override readonly name = 'Unreadable'
}
