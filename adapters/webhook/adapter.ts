import { Agent, request } from 'undici'
import { defineAdapter } from '#core/adapter.ts'
import { CallbusError, reasonOf } from '#core/errors.ts'
import { Settings } from './settings.ts'
import { signatureOf } from './signature.ts'

/** Statuses that a later try may change. */
const passing = new Set([408, 409, 425, 429])

export const adapter = defineAdapter({
  name: 'webhook',
  about: 'Tells responsible people through a program of theirs: a signed POST.',
  provides: 'messages',
  settings: Settings,

  async connect({ settings, cleanup, clock }) {
    const agent = new Agent({ connect: { timeout: 10_000 }, maxResponseSize: 64 * 1024 })
    cleanup.defer(() => agent.close())

    async function post(id: string, body: string, address: string, signal: AbortSignal): Promise<number> {
      const second = Math.floor(clock.now() / 1_000)
      const answer = await request(address, {
        method: 'POST',
        dispatcher: agent,
        signal,
        headers: {
          'content-type': 'application/json',
          'webhook-id': id,
          'webhook-timestamp': String(second),
          'webhook-signature': signatureOf(settings.secret, { id, second, body }),
        },
        body,
      })
      await answer.body.dump()
      return answer.statusCode
    }

    return {
      capabilities: { attachments: false },

      async carry({ id, at, subject, text, because }, address, signal) {
        if (!isAllowed(address, settings.allowPlainHttp))
          throw failure('MESSAGE_REFUSED', 'the address is not https')
        // Names of people may be in any script; a header may not.
        const name = encodeURI(id)
        const body = JSON.stringify({ id: name, at, subject, text, because })
        const status = await post(name, body, address, signal).catch((thrown: unknown) => {
          throw signal.aborted ? signal.reason : failure('MESSAGE_UNSENT', reasonOf(thrown), thrown)
        })
        if (status >= 200 && status < 300) return
        const isFinal = status >= 400 && status < 500 && !passing.has(status)
        throw failure(isFinal ? 'MESSAGE_REFUSED' : 'MESSAGE_UNSENT', `it answered ${status}`)
      },
    }
  },
})

function failure(code: 'MESSAGE_REFUSED' | 'MESSAGE_UNSENT', reason: string, cause?: unknown) {
  return new CallbusError(code, { way: 'webhook', reason }, { cause })
}

function isAllowed(address: string, allowPlainHttp: boolean): boolean {
  const protocol = URL.parse(address)?.protocol
  return protocol === 'https:' || (allowPlainHttp && protocol === 'http:')
}
