/** The house's time on this page, and how old what we show is. */
import { computed, signal } from '@preact/signals'

/** The milliseconds this machine's clock is behind the house's. */
const behind = signal(0)
const here = signal(Date.now())
const heardAt = signal(Date.now())
const isConnected = signal(false)
/** How often the house says that it is there: silence beyond it is a dead line, whatever the browser believes. */
const beatEvery = signal<number | undefined>(undefined)
let beatAt: number | undefined

const staleAfter = 5000
const longestBeat = 30_000

const age = computed(() => {
  const passed = Math.max(0, here.value - heardAt.value)
  if (!isConnected.value) return passed
  const isOverdue = beatEvery.value !== undefined && passed > beatEvery.value * 1.5
  return isOverdue ? passed : 0
})

/** Milliseconds since we last heard anything, once that is too long; undefined while all is fresh. */
export const staleFor = computed(() => (age.value > staleAfter ? age.value : undefined))

/** What timers count to: the house's time, standing still while we hear nothing. */
export const now = computed(() => (staleFor.value === undefined ? here.value : heardAt.value) + behind.value)

export function setServerTime(serverTime: number): void {
  behind.value = serverTime - Date.now()
}

export function heard(): void {
  here.value = heardAt.value = Date.now()
}

export function beaten(serverTime: number): void {
  const at = Date.now()
  // The cap forgives a machine that slept.
  if (beatAt !== undefined) beatEvery.value = Math.min(at - beatAt, longestBeat)
  beatAt = at
  setServerTime(serverTime)
  heard()
}

export function connected(yes: boolean): void {
  if (isConnected.value === yes) return
  if (yes || age.peek() === 0) heard()
  beatAt = undefined
  isConnected.value = yes
}

export function startTicking(): () => void {
  const ticking = setInterval(() => {
    here.value = Date.now()
  }, 250)
  return () => clearInterval(ticking)
}
