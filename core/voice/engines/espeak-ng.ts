import { spawn } from 'node:child_process'
import { buffer, text as textOf } from 'node:stream/consumers'
import type { Language } from '../../schema.ts'
import type { VoiceSettings } from '../settings.ts'
import type { Engine } from './engine.ts'

const ownVoices: Record<Language, string> = { ru: 'ru', uk: 'uk', pl: 'pl', en: 'en-gb' }

/** Robotic, but at hand on every Debian machine and instant. */
export function espeakNg({ command, speed, pitch, voices }: VoiceSettings['espeak']): Engine {
  const voice = (language: Language) => voices?.[language] ?? ownVoices[language]
  const words = (language: Language) => ['-v', voice(language), '-s', `${speed}`, '-p', `${pitch}`]

  return {
    name: 'espeak-ng',
    manner: (language) => words(language).join(' '),

    async render(text, language, signal) {
      const process = spawn(command, [...words(language), '-b', '1', '--stdin', '--stdout'], { signal })
      const ended = new Promise<number | null>((resolve, reject) => {
        process.once('error', reject)
        process.once('close', resolve)
      })
      // A program that dies before it has read everything closes this pipe; its exit code tells more.
      process.stdin.on('error', () => undefined)
      process.stdin.end(text)

      const [code, wav, complaint] = await Promise.all([
        ended,
        buffer(process.stdout),
        textOf(process.stderr),
      ])
      if (code !== 0) throw new Error(`${command} ended with ${code}: ${complaint.trim().slice(0, 200)}`)
      return wav
    },
  }
}
