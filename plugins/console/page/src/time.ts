/** The house's time on this page, and how old what we show is. */
import { computed, signal } from '@preact/signals'

/** The milliseconds this machine's clock is behind the house's. */
const behind = signal(0)
const here = signal(Date.now())
const heardAt = signal(Date.now())
const isConnected = signal(false)
/** Once the house has sent a beat, its absence means that the line is dead, whatever the browser believes. */
const hasBeats = signal(false)

const staleAfter = 5000

const age = computed(() => {
  if (isConnected.value && !hasBeats.value) return 0
  return Math.max(0, here.value - heardAt.value)
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
  hasBeats.value = true
  setServerTime(serverTime)
  heard()
}

export function connected(yes: boolean): void {
  if (isConnected.value === yes) return
  if (yes || !hasBeats.value) heard()
  isConnected.value = yes
}

export function startTicking(): () => void {
  const ticking = setInterval(() => {
    here.value = Date.now()
  }, 250)
  return () => clearInterval(ticking)
}
