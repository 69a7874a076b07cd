import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { containsSound, energyOf, hasTone, readWav, silence, tone, writeWav } from '../support/audio.ts'
import { needs } from '../support/needs.ts'
import { ring } from '../support/sip/sip-phone.ts'
import { startAsterisk } from './instance.ts'

test('tones, silence and noise are told apart', () => {
  const quiet = silence(1)
  const low = tone(440, 1)
  assert.equal(energyOf(quiet), 0)
  assert.ok(Math.abs(energyOf(low) - 0.3 / Math.SQRT2) < 0.01)
  assert.ok(hasTone(low, 440) && !hasTone(low, 700) && !hasTone(quiet, 440))
})

test('a spoken sentence is recognised at the other end of the line, and another is not', {
  skip: needs.asterisk() || needs.espeak(),
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'callbus-sound-'))
  const said = speak(folder, 'said', 'Your car is a white Skoda, it arrives in five minutes.')
  const unsaid = speak(folder, 'unsaid', 'There is no car for you yet, please wait on the line.')
  const dialplan = `[from-trunk]\nexten => _X.,1,Answer()\n same => n,Playback(${said.replace('.wav', '')})\n same => n,Wait(60)\n`
  await using asterisk = await startAsterisk({ dialplan })
  await using caller = await ring({ asterisk, from: '+380671234567', to: '101' })

  await caller.hearsSound(said)
  assert.ok(!containsSound(caller.heard(), unsaid))
  rmSync(folder, { recursive: true })
})

/** As the house renders prompts: 8 kHz, 16 bit, one channel. */
function speak(folder: string, name: string, text: string): string {
  const raw = join(folder, `${name}-raw.wav`)
  const file = join(folder, `${name}.wav`)
  execFileSync('espeak-ng', ['-w', raw, text])
  writeWav(file, slower(readWav(raw)))
  return file
}

/** 22050 Hz to 8000 Hz, roughly. */
function slower(samples: Int16Array): Int16Array {
  const step = 22_050 / 8000
  return Int16Array.from(
    { length: Math.floor(samples.length / step) },
    (_, at) => samples[Math.floor(at * step)] ?? 0,
  )
}
