/** The same least program on our own ARI client: answer, play to the end, hang up. */
import { openAri } from '../../adapters/asterisk/ari/ari.ts'
import { answerTheBench, given } from './answering.ts'

const { app, ariUrl: url, media, password, user } = given
const ari = await openAri({
  url,
  user,
  password,
  app,
  events: ['StasisStart', 'PlaybackFinished'],
})

async function serve(channel: string) {
  const lane = ari.chooseLane()
  await ari.request('POST', `channels/${channel}/answer`, { lane })
  await ari.request('POST', `channels/${channel}/play/${channel}?media=${media}`, { lane })
}

ari.onEvent((event) => {
  if (event.type === 'StasisStart') serve(event.channel.id).catch(console.error)
  if (event.type === 'PlaybackFinished')
    ari.request('DELETE', `channels/${event.playback.id}`, { lane: 'control' }).catch(console.error)
})

answerTheBench()
