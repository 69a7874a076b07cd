/** One real Asterisk for all subjects: each has its number, and all play the same sound. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type AsteriskInstance, startAsterisk } from '../test/asterisk/instance.ts'
import { tone, writeWav } from '../test/support/audio.ts'
import { until } from '../test/support/until.ts'
import { longNumber, numbers } from './numbers.ts'

export const apps = { ariClient: 'bench-ari-client', bareAri: 'bench-bare-ari', callbus: 'callbus' } as const

/** Seconds of the prompt that every measured call hears. */
const shortPrompt = 0.2
const hertz = 500

/** Whoever is not served is refused, so that the caller counts it as failed. */
const dialplan = `[from-trunk]
exten => ${numbers.dialplan},1,Answer()
 same => n,Playback(bench)
 same => n,Hangup()
exten => ${numbers.ariClient},1,Stasis(${apps.ariClient})
 same => n,Hangup(34)
exten => ${numbers.bareAri},1,Stasis(${apps.bareAri})
 same => n,Hangup(34)
exten => ${numbers.callbus},1,Set(TIMEOUT(absolute)=60)
 same => n,Stasis(${apps.callbus},in,\${EXTEN})
 same => n,Hangup(34)
exten => ${longNumber},1,Set(TIMEOUT(absolute)=60)
 same => n,Stasis(${apps.callbus},in,\${EXTEN})
 same => n,Hangup(34)

[callbus-island]
exten => s,1,Hangup(34)
`

export async function openExchange(parallelCalls: number): Promise<AsteriskInstance> {
  const asterisk = await startAsterisk({ dialplan, parallelCalls })
  writeWav(join(asterisk.soundsDir, 'bench.wav'), tone(hertz, shortPrompt))
  return asterisk
}

/** The same sound, and a long one, as recordings of a Callbus site. */
export function writePrompts(siteFolder: string, longSeconds: number): void {
  const folder = join(siteFolder, 'prompts/en/bench')
  mkdirSync(folder, { recursive: true })
  writeWav(join(folder, 'short.wav'), tone(hertz, shortPrompt))
  writeWav(join(folder, 'long.wav'), tone(hertz, longSeconds))
}

export async function channelsOf(asterisk: AsteriskInstance): Promise<number> {
  return ((await asterisk.ari('GET', 'channels')) as object[]).length
}

/** What a load left behind must not weigh on the next one. */
export async function untilQuiet(asterisk: AsteriskInstance): Promise<void> {
  await until(async () => (await channelsOf(asterisk)) === 0, {
    what: 'the exchange to be without calls',
    within: 60_000,
  })
}
