/** The least program on the npm package `ari-client`: answer, play to the end, hang up. */
import { connect } from 'ari-client'
import { answerTheBench, given } from './answering.ts'

const { app, ariUrl, media, password, user } = given
const client = await connect(ariUrl.replace(/\/ari$/, ''), user, password)

client.on('StasisStart', async (_event, channel) => {
  const playback = client.Playback()
  playback.once('PlaybackFinished', () => channel.hangup().catch(console.error))
  await channel
    .answer()
    .then(() => channel.play({ media }, playback))
    .catch(console.error)
})

await client.start(app)
answerTheBench()
