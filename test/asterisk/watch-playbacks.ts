import { once } from 'node:events'
import { WebSocket } from 'ws'
import type { AsteriskInstance } from './instance.ts'

export interface Playbacks extends Disposable {
  readonly running: ReadonlySet<string>
}

/** Asterisk cannot list its playbacks, so a program of ours that hears everything counts them. */
export async function watchPlaybacks({ ariUrl, user, password }: AsteriskInstance): Promise<Playbacks> {
  const running = new Set<string>()
  const address = `${ariUrl.replace('http', 'ws')}/events?app=watch-playbacks&subscribeAll=true`
  const socket = new WebSocket(`${address}&api_key=${user}:${password}`)
  socket.on('message', (data) => {
    const { type, playback } = JSON.parse(String(data)) as { type: string; playback?: { id: string } }
    if (!playback) return
    if (type === 'PlaybackStarted') running.add(playback.id)
    if (type === 'PlaybackFinished') running.delete(playback.id)
  })
  await once(socket, 'open')
  return { running, [Symbol.dispose]: () => socket.close() }
}
