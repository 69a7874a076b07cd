import { readFile } from 'node:fs/promises'
import type { Language } from '../../schema.ts'
import type { VoiceSettings } from '../settings.ts'
import type { Engine } from './engine.ts'

/** Any service that speaks the OpenAI form: OpenAI, LocalAI, speaches, Piper and Kokoro servers. */
export function openAi(settings: VoiceSettings['openai']): Engine {
  const { baseUrl, model, speed } = settings
  const voice = (language: Language) => settings.voices?.[language] ?? settings.voice

  let opened: ReturnType<typeof open> | undefined
  async function open() {
    // Loaded on first use: most sites never need it, and a start without it is faster.
    const { OpenAI } = await import('openai')
    return new OpenAI({ baseURL: baseUrl, apiKey: await keyOf(settings), maxRetries: 0 })
  }

  return {
    name: 'openai',
    manner: (language) => [baseUrl, model, voice(language), speed].join(' '),

    async render(text, language, signal) {
      opened ??= open()
      const client = await opened.catch((failure: unknown) => {
        opened = undefined
        throw failure
      })
      const response = await client.audio.speech.create(
        { model, voice: voice(language), input: text, response_format: 'wav', speed },
        { signal },
      )
      return Buffer.from(await response.arrayBuffer())
    },
  }
}

async function keyOf({ keyFile, keyVariable }: VoiceSettings['openai']): Promise<string> {
  if (keyFile) return (await readFile(keyFile, 'utf8')).trim()
  // The client insists on some key; services in the house ignore it.
  return process.env[keyVariable] ?? 'none'
}
