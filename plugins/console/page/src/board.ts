/** What is on the screen now, and what a person can do with it. */
import { computed, signal } from '@preact/signals'
import {
  ApiError,
  api,
  type CallStep,
  type CallView,
  type Me,
  type Neighbour,
  type Stamped,
  type Story,
} from './api.ts'
import { endedRows, hasStrangers, liveRows, noCalls, withFact, withSnapshot } from './live-calls.ts'
import { openStream } from './stream.ts'
import { beaten, connected, heard, setServerTime, startTicking } from './time.ts'
import { addressOf, view, viewInAddress } from './view.ts'

export const me = signal<Me | 'asking' | 'nobody'>('asking')
export const calls = signal(noCalls)
export const neighbours = signal<readonly Neighbour[]>([])
export const waitLimit = signal(45)

export const stepShown = signal<CallStep | undefined>(undefined)
export const resultShown = signal<string | undefined>(undefined)

export const found = signal<{ phone: string; calls: readonly CallView[] } | 'failed' | undefined>(undefined)

export const openCall = signal<string | undefined>(callInAddress())
export const story = signal<Story | 'asking' | 'failed'>('asking')

export const live = computed(() => liveRows(calls.value))
export const ended = computed(() => endedRows(calls.value))

/** What else lives on the stream. */
export interface Follower {
  /** Connected, for the first time or again. */
  opened(): void
  fact(fact: Stamped): void
  /** Nobody is signed in any more. */
  left(): void
}
const followers: Follower[] = []

export function follow(follower: Follower): void {
  followers.push(follower)
}

/** Whether whoever is signed in may do that. */
export function may(right: string): boolean {
  const who = me.value
  return typeof who === 'object' && who.rights.includes(right)
}

/** Whether that plugin of the house is there to be asked. */
export function isThere(plugin: string): boolean {
  const who = me.value
  return typeof who === 'object' && who.plugins.includes(plugin)
}

const endedAsked = 50
let close: (() => void) | undefined

export async function enter(): Promise<void> {
  try {
    const answer = await api.me()
    setServerTime(answer.serverTime)
    me.value = answer
    open()
  } catch (thrown) {
    if (thrown instanceof ApiError && thrown.status === 401) me.value = 'nobody'
    else setTimeout(() => void enter(), 2000)
  }
}

export async function signIn(name: string, password: string): Promise<void> {
  await api.signIn(name, password)
  await enter()
}

export async function signOut(): Promise<void> {
  await api.signOut().catch(() => undefined)
  leave()
}

export function readStory(call: string | undefined): void {
  openCall.value = call
  const address = call === undefined ? addressOf(view.peek()) : `#/calls/${encodeURIComponent(call)}`
  if (location.hash !== address) history.pushState(null, '', address || location.pathname)
  if (call !== undefined) void fetchStory(call)
}

export async function findCalls(phone: string): Promise<void> {
  try {
    found.value = { phone, calls: await api.callsOf(phone) }
  } catch (thrown) {
    found.value = 'failed'
    mind(thrown)
  }
}

export async function fetchStory(call: string): Promise<void> {
  if (story.peek() === 'failed' || !isStoryOf(call)) story.value = 'asking'
  try {
    const answer = await api.story(call)
    if (openCall.peek() === call) story.value = answer
  } catch (thrown) {
    if (openCall.peek() === call) story.value = 'failed'
    mind(thrown)
  }
}

function open(): void {
  close?.()
  const stopTicking = startTicking()
  const closeStream = openStream({
    opened() {
      connected(true)
      void refresh()
      for (const follower of followers) follower.opened()
    },
    lost: () => connected(false),
    beat: beaten,
    fact: take,
  })
  addEventListener('popstate', followAddress)
  close = () => {
    stopTicking()
    closeStream()
    removeEventListener('popstate', followAddress)
  }

  void api.settings().then(
    (settings) => {
      waitLimit.value = settings.waitLimit
    },
    () => undefined,
  )
  if (openCall.peek() !== undefined) readStory(openCall.peek())
}

function leave(): void {
  close?.()
  close = undefined
  me.value = 'nobody'
  calls.value = noCalls
  found.value = undefined
  story.value = 'asking'
  for (const follower of followers) follower.left()
}

function followAddress(): void {
  const call = callInAddress()
  // Whoever skips to the work stays on his page.
  if (call === undefined && location.hash !== '#live') view.value = viewInAddress()
  readStory(call)
}

let isRefreshing = false

async function refresh(): Promise<void> {
  if (isRefreshing) return
  isRefreshing = true
  try {
    const knownBefore = new Set(calls.peek().calls.keys())
    const [liveNow, endedNow, around] = await Promise.all([
      api.liveCalls(),
      api.endedCalls(endedAsked),
      api.neighbours(),
    ])
    calls.value = withSnapshot(calls.peek(), liveNow, endedNow, knownBefore)
    neighbours.value = around
    heard()
  } catch (thrown) {
    mind(thrown)
  } finally {
    isRefreshing = false
  }
}

function take(fact: Stamped): void {
  heard()
  calls.value = withFact(calls.peek(), fact)
  if (hasStrangers(calls.peek())) void refresh()
  if (fact.name === 'connection.changed') neighbours.value = withNeighbour(neighbours.peek(), fact.data)
  if ('call' in fact.data && fact.data.call !== undefined) lengthen(fact.data.call, fact)
  for (const follower of followers) follower.fact(fact)
}

function withNeighbour(
  known: readonly Neighbour[],
  { neighbour: name, ...change }: { neighbour: string; state: Neighbour['state']; because?: string },
): readonly Neighbour[] {
  const changed = { name, ...change }
  if (!known.some((each) => each.name === name)) return [...known, changed]
  return known.map((each) => (each.name === name ? changed : each))
}

/** The story being read grows while it happens. */
function lengthen(call: string, fact: Stamped): void {
  const reading = story.peek()
  if (typeof reading === 'string' || reading.call.id !== call) return
  if (reading.facts.some((each) => each.id === fact.id)) return
  story.value = { ...reading, facts: [...reading.facts, fact].sort((one, other) => one.id - other.id) }
}

function isStoryOf(call: string): boolean {
  const reading = story.peek()
  return typeof reading !== 'string' && reading.call.id === call
}

/** A session may end while the page is open. */
export function mind(thrown: unknown): void {
  if (thrown instanceof ApiError && thrown.status === 401) leave()
}

function callInAddress(): string | undefined {
  const [, call] = /^#\/calls\/(.+)$/.exec(location.hash) ?? []
  return call === undefined ? undefined : decodeURIComponent(call)
}
