import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** Makes an address carry its own right: who has it needs no login. */
export interface Signatures {
  sign(text: string): string
  isRight(text: string, signature: string): boolean
}

/** The key of a purpose is made once and kept, so that addresses handed out before a restart stay good. */
export async function openSignatures(dataFolder: string, purpose: 'prompts' | 'links'): Promise<Signatures> {
  const key = await keyIn(join(dataFolder, `${purpose}.key`))
  const sign = (text: string) => createHmac('sha256', key).update(text).digest('base64url')
  return {
    sign,
    isRight(text, signature) {
      const right = Buffer.from(sign(text))
      const given = Buffer.from(signature)
      return right.length === given.length && timingSafeEqual(right, given)
    },
  }
}

async function keyIn(file: string): Promise<Buffer> {
  await mkdir(dirname(file), { recursive: true })
  try {
    await writeFile(file, randomBytes(32), { mode: 0o600, flag: 'wx' })
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code !== 'EEXIST') throw failure
  }
  return await readFile(file)
}
