import type { Clock } from '../clock.ts'
import type { Moment } from '../schema.ts'
import { openSignatures } from '../signatures.ts'

/** Addresses for people of other programs, who cannot sign in: each opens one thing, until it runs out. */
export interface Links {
  /** The path with its right; only routes that say `byLink` honour it. */
  sign(path: string, until: Moment): string
  opens(address: string): boolean
}

export async function openLinks(options: { dataFolder: string; clock: Clock }): Promise<Links> {
  const signatures = await openSignatures(options.dataFolder, 'links')
  return {
    sign(path, until) {
      const address = `${path}?until=${until}`
      return `${address}&sig=${signatures.sign(address)}`
    },
    opens(address) {
      const [, signed = '', until, signature = ''] =
        /^([^?]+\?until=(\d{1,15}))&sig=([\w-]{1,100})$/.exec(address) ?? []
      return Number(until) > options.clock.now() && signatures.isRight(signed, signature)
    },
  }
}
