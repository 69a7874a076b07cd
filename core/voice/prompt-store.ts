import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../clock.ts'
import { secondsOf } from '../sound/wav.ts'

const day = 86_400_000

/** A finished sound on disk. */
export interface StoredPrompt {
  /** `<hash>.wav`, its name inside the store. */
  name: string
  file: string
  seconds: number
}

/** Rendered prompts on disk, each under the hash of what made it. */
export interface PromptStore {
  find(hash: string): Promise<StoredPrompt | undefined>
  /** Whoever looks sees the whole file or none. */
  keep(hash: string, wav: Buffer): Promise<StoredPrompt>
  /** Removes what nobody heard for so many days; answers how many files went. */
  prune(days: number): Promise<number>
}

export function hashOf(...what: unknown[]): string {
  return createHash('sha256').update(JSON.stringify(what)).digest('hex').slice(0, 32)
}

export async function openPromptStore({
  folder,
  clock,
}: {
  folder: string
  clock: Clock
}): Promise<PromptStore> {
  await mkdir(folder, { recursive: true })
  const at = (hash: string) => ({ name: `${hash}.wav`, file: join(folder, `${hash}.wav`) })

  async function touch(file: string) {
    const now = new Date(clock.now())
    await utimes(file, now, now)
  }

  return {
    async find(hash) {
      const place = at(hash)
      const found = await stat(place.file).catch(() => undefined)
      if (!found) return undefined
      // The time of the last use; once a day is exact enough and spares the disk.
      if (Math.abs(clock.now() - found.mtimeMs) > day) await touch(place.file).catch(() => undefined)
      return { ...place, seconds: secondsOf(found.size) }
    },

    async keep(hash, wav) {
      const place = at(hash)
      const unfinished = join(folder, `${hash}.${randomUUID()}.part`)
      try {
        await writeFile(unfinished, wav)
        await touch(unfinished)
        await rename(unfinished, place.file)
      } catch (failure) {
        await rm(unfinished, { force: true })
        throw failure
      }
      return { ...place, seconds: secondsOf(wav.length) }
    },

    async prune(days) {
      let removed = 0
      for (const name of await readdir(folder)) {
        if (!/\.(wav|part)$/.test(name)) continue
        const file = join(folder, name)
        const found = await stat(file).catch(() => undefined)
        if (!found || clock.now() - found.mtimeMs < days * day) continue
        await rm(file, { force: true })
        removed++
      }
      return removed
    },
  }
}
