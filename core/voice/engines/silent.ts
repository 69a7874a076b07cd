import { telephoneRate, writeWav } from '../../sound/wav.ts'
import type { Engine } from './engine.ts'

const lettersPerSecond = 15

/** Makes a quiet file as long as the sentence would take: a demonstration needs no engine then. */
export const silent: Engine = {
  name: 'silent',
  manner: () => '',
  async render(text) {
    const seconds = 0.3 + text.length / lettersPerSecond
    return writeWav({ rate: telephoneRate, samples: new Float32Array(Math.round(seconds * telephoneRate)) })
  },
}
