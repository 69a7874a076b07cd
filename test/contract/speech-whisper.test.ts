import { connectToSimulator } from '../../adapters/whisper/simulator/connected.ts'
import { misbehaviours } from '../../adapters/whisper/simulator/misbehaviours.ts'
import { clockWithoutDeadlines } from '../support/clock-without-deadlines.ts'
import { type SpeechWorld, speechContract } from './speech.ts'

function openWith(manner: 'whisper.cpp' | 'openai') {
  return async (): Promise<SpeechWorld> => {
    const { clock, passDeadlines } = clockWithoutDeadlines()
    let text = ''
    const world = await connectToSimulator({ simulator: { manner, text: () => text }, clock })
    const { simulator } = world
    return {
      ...world,
      passDeadlines,
      hears(next) {
        text = next
      },
      hang: () => simulator.misbehave(misbehaviours.silent),
      asked: () => simulator.heard.length,
      nonsense: Object.fromEntries(
        Object.entries({
          'an empty list': '[]',
          null: 'null',
          'a web page': '<!doctype html><html><body>It works!</body></html>',
          'wrong types': '{"text":7}',
          bytes: Buffer.from([0, 255, 254, 13, 10, 128, 200]),
        }).map(([kind, body]) => [
          kind,
          () => simulator.misbehave({ answer: (_, reply) => reply.type('text/plain').send(body) }),
        ]),
      ),
      goDown: simulator.goDown,
      recover: simulator.comeBack,
    }
  }
}

speechContract('A whisper.cpp server', openWith('whisper.cpp'))
speechContract('A service of the OpenAI form', openWith('openai'))
