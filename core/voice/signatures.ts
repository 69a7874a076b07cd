import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Lets an exchange on another host fetch a prompt without a login: the address itself carries the right. */
export interface Signatures {
  sign(name: string): string
  isRight(name: string, signature: string): boolean
}

/** The key is made once and kept, so that addresses handed out before a restart stay good. */
export async function openSignatures(dataFolder: string): Promise<Signatures> {
  const key = await keyIn(join(dataFolder, 'prompts.key'))
  const sign = (name: string) => createHmac('sha256', key).update(name).digest('base64url')
  return {
    sign,
    isRight(name, signature) {
      const right = Buffer.from(sign(name))
      const given = Buffer.from(signature)
      return right.length === given.length && timingSafeEqual(right, given)
    },
  }
}

async function keyIn(file: string): Promise<Buffer> {
  try {
    await writeFile(file, randomBytes(32), { mode: 0o600, flag: 'wx' })
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code !== 'EEXIST') throw failure
  }
  return await readFile(file)
}
