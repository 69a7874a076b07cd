/** The few words of the npm package `ari-client` that the bench uses; it brings no types. */
declare module 'ari-client' {
  interface Playback {
    once(event: 'PlaybackFinished', listener: () => void): void
  }
  interface Channel {
    answer(): Promise<void>
    play(options: { media: string }, playback: Playback): Promise<void>
    hangup(): Promise<void>
  }
  interface Client {
    on(event: 'StasisStart', listener: (event: object, channel: Channel) => void): void
    Playback(): Playback
    start(app: string): Promise<void>
  }
  export function connect(url: string, user: string, password: string): Promise<Client>
}
