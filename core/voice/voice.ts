import { mkdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'
import { CallbusError, reasonOf } from '../errors.ts'
import { openGate } from '../gate.ts'
import type { Media } from '../ports/telephony.ts'
import type { Language } from '../schema.ts'
import type { Site } from '../services.ts'
import { openSignatures, type Signatures } from '../signatures.ts'
import { unlessAborted } from '../unless-aborted.ts'
import type { Engine } from './engines/engine.ts'
import { espeakNg } from './engines/espeak-ng.ts'
import { openAi } from './engines/openai.ts'
import { silent } from './engines/silent.ts'
import { hashOf, openPromptStore, type StoredPrompt } from './prompt-store.ts'
import { findRecorded } from './recorded-prompts.ts'
import type { VoiceSettings } from './settings.ts'
import { toTelephoneWav } from './telephone-sound.ts'
import type { Saying } from './words.ts'

/** Turns sayings into sound files, once each. */
export interface Voice {
  /** Rejects with `VOICE_UNAVAILABLE` when it can neither be found nor spoken. */
  speak(saying: Saying, language: Language, signal: AbortSignal): Promise<Media>
}

/** The voice as the house holds it; plugins see only `Voice`. */
export interface OpenVoice extends Voice, AsyncDisposable {
  /** Folder and right of what an exchange on another host may fetch. */
  readonly folder: string
  readonly signatures: Signatures
  /** Renders one after another, so that the first caller waits for nothing; never rejects. */
  prewarm(sayings: Iterable<Saying>, languages: Iterable<Language>): Promise<void>
  /** Removes rendered sentences that nobody heard for long; answers how many. */
  prune(): Promise<number>
}

/** Part of every hash: a change of how sound is made must not be hidden by what was made before. */
const format = '8000 Hz 16 bit, 1'
/** How long an engine that failed is passed over, so that each caller does not wait for it anew. */
const restAfterFailure = 30_000
/** How long a sentence is said again without another look at the disk; a recording made anew is heard after it. */
const knownFor = 1_000
const knownAtMost = 1_000

export interface VoiceParts {
  settings: VoiceSettings
  site: Pick<Site, 'folder' | 'dataFolder'>
  clock: Clock
  log: Logger
  /** Where an exchange reaches our HTTP: `http://10.0.0.5:8080`. */
  baseUrl: string
  /** Other engines than the settings name; for tests. */
  engines?: readonly Engine[]
}

export async function openVoice({
  settings,
  site,
  clock,
  log,
  baseUrl,
  engines,
}: VoiceParts): Promise<OpenVoice> {
  const folder = join(site.dataFolder, 'prompts')
  await mkdir(folder, { recursive: true })
  const store = await openPromptStore({ folder, clock })
  const signatures = await openSignatures(site.dataFolder, 'prompts')
  const speakers = engines ?? settings.engines.map((name) => toEngine(name, settings, site.folder))
  const gate = openGate(settings.simultaneous)
  const flights = new Map<string, Promise<StoredPrompt>>()
  const resting = new Map<Engine, number>()
  const known = new Map<string, { media: Promise<Media>; until: number }>()
  const background = new Set<Promise<void>>()
  const closing = new AbortController()

  /** One flight per hash, however many callers wait; it goes on when one of them hangs up. */
  function once(hash: string, make: () => Promise<Buffer>): Promise<StoredPrompt> {
    const running = flights.get(hash)
    if (running) return running
    const flight = findOrMake(hash, make).finally(() => flights.delete(hash))
    flights.set(hash, flight)
    return flight
  }

  async function findOrMake(hash: string, make: () => Promise<Buffer>): Promise<StoredPrompt> {
    return (await store.find(hash)) ?? (await store.keep(hash, await toTelephoneWav(await make())))
  }

  async function recorded(saying: Saying, language: Language): Promise<StoredPrompt | undefined> {
    const found = await findRecorded(site.folder, saying, language)
    if (!found) return undefined
    try {
      return await once(hashOf('recorded', found.file, found.version, format), () => readFile(found.file))
    } catch (failure) {
      log.warn(
        { file: found.file, reason: reasonOf(failure) },
        'A recorded prompt cannot be played; an engine speaks instead',
      )
      return undefined
    }
  }

  async function rendered(engine: Engine, text: string, language: Language): Promise<StoredPrompt> {
    const hash = hashOf(engine.name, engine.manner(language), language, text, format)
    return await once(hash, () => gate.pass(() => renderInTime(engine, text, language), closing.signal))
  }

  async function renderInTime(engine: Engine, text: string, language: Language): Promise<Buffer> {
    const late = new AbortController()
    const seconds = settings.timeout
    const takeBack = clock.after(seconds * 1000, () =>
      late.abort(new Error(`it took more than ${seconds} s`)),
    )
    const signal = AbortSignal.any([closing.signal, late.signal])
    try {
      return await unlessAborted(engine.render(text, language, signal), signal)
    } finally {
      takeBack()
    }
  }

  async function find(saying: Saying, language: Language): Promise<StoredPrompt> {
    const own = await recorded(saying, language)
    if (own) return own

    const text = saying.in(language).trim()
    if (text === '') return await rendered(silent, text, language)

    const failures: string[] = []
    const awake = speakers.filter((engine) => (resting.get(engine) ?? 0) <= clock.now())
    for (const engine of awake.length > 0 ? awake : speakers) {
      try {
        return await rendered(engine, text, language)
      } catch (failure) {
        if (closing.signal.aborted) throw failure
        resting.set(engine, clock.now() + restAfterFailure)
        failures.push(`${engine.name}: ${reasonOf(failure)}`)
        log.warn(
          { engine: engine.name, saying: saying.name, reason: reasonOf(failure) },
          'An engine could not speak; it rests for a while',
        )
      }
    }
    throw new CallbusError('VOICE_UNAVAILABLE', { saying: saying.name, reason: failures.join('; ') })
  }

  async function speak(saying: Saying, language: Language, signal: AbortSignal): Promise<Media> {
    signal.throwIfAborted()
    return await unlessAborted(lately(saying, language), signal)
  }

  /** Whoever asks for the same sentence within the time shares one look. */
  function lately(saying: Saying, language: Language): Promise<Media> {
    const key = `${language} ${saying.name} ${saying.in(language)}`
    const before = known.get(key)
    if (before && before.until > clock.now()) return before.media

    const media = find(saying, language).then(toMedia)
    media.catch(() => known.delete(key))
    if (known.size >= knownAtMost) known.clear()
    known.set(key, { media, until: clock.now() + knownFor })
    return media
  }

  function toMedia({ name, file, seconds }: StoredPrompt): Media {
    return { file, seconds, url: `${baseUrl}/prompts/${name}?sig=${signatures.sign(name)}` }
  }

  async function renderAll(sayings: readonly Saying[], languages: readonly Language[]) {
    for (const language of languages) {
      for (const saying of sayings) {
        if (closing.signal.aborted) return
        await find(saying, language).catch((failure: unknown) => {
          log.debug(
            { saying: saying.name, reason: reasonOf(failure) },
            'A prompt was not rendered in advance',
          )
        })
      }
    }
  }

  return {
    folder,
    signatures,
    speak,

    prewarm(sayings, languages) {
      const work = renderAll([...sayings], [...languages]).finally(() => background.delete(work))
      background.add(work)
      return work
    },

    prune: () => store.prune(settings.keepDays),

    async [Symbol.asyncDispose]() {
      closing.abort(new Error('the house closes'))
      await Promise.allSettled([...flights.values(), ...background])
    },
  }
}

function toEngine(name: VoiceSettings['engines'][number], settings: VoiceSettings, folder: string): Engine {
  switch (name) {
    case 'espeak-ng':
      return espeakNg(settings.espeak)
    case 'openai':
      return openAi({
        ...settings.openai,
        ...(settings.openai.keyFile && { keyFile: resolve(folder, settings.openai.keyFile) }),
      })
    case 'silent':
      return silent
  }
}
