/** What the page asks of the weather tariffs, in the house's own shapes. */
import { ask, send } from './api.ts'

export interface Weather {
  temperature: number
  /** mm/h. */
  rain: number
  /** mm/h, as water. */
  snow: number
  /** m/s. */
  wind: number
  isIcy: boolean
  isStorm: boolean
}

export interface Zone {
  zone: string
  /** Percent on the usual tariff. */
  rise: number
  rules: readonly string[]
  because: string
  by: string
  weather?: Weather
  /** No weather has come for too long. */
  isLost: boolean
  override?: { rise: number; until: number; by: string; because: string }
}

export interface Change {
  id: number
  zone: string
  at: number
  before: number
  rise: number
  rules: readonly string[]
  because: string
  by: string
  weather?: Weather
  /** When the dispatch program had carried it out. */
  doneAt?: number
}

export interface TariffState {
  isOn: boolean
  zones: readonly Zone[]
}

const here = '/api/plugins/weather-tariffs'
const overrideOf = (zone: string) => `${here}/zones/${encodeURIComponent(zone)}/override`

export const tariffs = {
  state: () => ask<TariffState>(`${here}/zones`),
  history: async (limit: number, before?: number) => {
    const older = before === undefined ? '' : `&before=${before}`
    return (await ask<{ changes: Change[] }>(`${here}/history?limit=${limit}${older}`)).changes
  },
  override: (zone: string, wish: { rise: number; minutes: number; because: string }) =>
    send(overrideOf(zone), wish, 'PUT'),
  endOverride: (zone: string) => send(overrideOf(zone), {}, 'DELETE'),
}
