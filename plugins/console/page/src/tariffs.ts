/** Tariffs and their history on the screen now, where the house has them and whoever is signed in may see them. */
import { computed, effect, signal } from '@preact/signals'
import { type Follower, isThere, may } from './board.ts'
import { withLatest } from './tariff-history.ts'
import { type Change, tariffs as house, type TariffState } from './tariffs-api.ts'
import { view } from './view.ts'
import { refreshing } from './work.ts'

const nothing: TariffState = { isOn: true, zones: [] }
export const tariffsNow = signal(nothing)
export const changes = signal<readonly Change[] | undefined>(undefined)
/** There may be changes older than those shown. */
export const hasOlder = signal(false)

export const hasTariffs = computed(() => isThere('weather-tariffs') && may('tariffs.read'))

const atOnce = 50

const isAsked = () => hasTariffs.peek()
const refreshState = refreshing(isAsked, house.state, tariffsNow, { atMostEvery: 1_000 })
const refreshHistory = refreshing(isAsked, latestChanges, changes, { atMostEvery: 1_000 })

async function latestChanges(): Promise<readonly Change[]> {
  const latest = await house.history(atOnce)
  const known = changes.peek() ?? []
  const all = withLatest(known, latest, atOnce)
  if (all.length === latest.length) hasOlder.value = latest.length === atOnce
  return all
}

export async function showOlder(): Promise<void> {
  const last = changes.peek()?.at(-1)?.id
  const older = await house.history(atOnce, last)
  // What came meanwhile may have begun the list anew.
  if (changes.peek()?.at(-1)?.id !== last) return
  hasOlder.value = older.length === atOnce
  changes.value = [...(changes.peek() ?? []), ...older]
}

export function refreshTariffs(): void {
  refreshState()
  if (view.peek() === 'tariffs') refreshHistory()
}

export const followTariffs: Follower = {
  opened: refreshTariffs,
  fact(fact) {
    if (fact.name === 'tariff.changed' || fact.name.startsWith('weather.')) refreshTariffs()
  },
  left() {
    tariffsNow.value = nothing
    changes.value = undefined
  },
}

effect(() => {
  if (view.value === 'tariffs' && hasTariffs.value) refreshTariffs()
})
