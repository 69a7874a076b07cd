import { readFile, stat } from 'node:fs/promises'
import { isIP } from 'node:net'
import { defineAdapter } from '#core/adapter.ts'
import { CallbusError, reasonOf } from '#core/errors.ts'
import type { Attachment } from '#core/ports/messages.ts'
import { type Enclosed, toMail } from './mail.ts'
import { Settings } from './settings.ts'
import { SmtpRefusal, sendMail } from './smtp.ts'

export const adapter = defineAdapter({
  name: 'email',
  about: 'Tells responsible people by e-mail, with recordings attached.',
  provides: 'messages',
  settings: Settings,

  async connect({ settings, log }) {
    const { from, fromName, largestAttachment, ...server } = settings
    if (settings.security === 'none' && !isThisMachine(settings.host))
      throw new CallbusError('SETTINGS_INVALID', {
        mistakes: '`adapters.email.security` may be `none` only for a mail server on this machine',
      })

    async function enclosedOf({ file, name, type }: Attachment): Promise<Enclosed | undefined> {
      try {
        if ((await stat(file)).size > largestAttachment * 1024 * 1024) return undefined
        return { name, type, content: await readFile(file) }
      } catch (thrown) {
        log.warn({ reason: reasonOf(thrown) }, 'The file of a message cannot be read; it is sent without')
        return undefined
      }
    }

    return {
      capabilities: { attachments: true },

      async carry({ attachment, ...message }, to, signal) {
        if (!isAddress(to)) throw refused('the address is not one of e-mail')
        const enclosed = attachment && (await enclosedOf(attachment))
        const text = attachment && !enclosed ? `${message.text}\n\n[${attachment.name}]` : message.text
        const mail = toMail({ ...message, text }, { from, fromName, to }, enclosed)
        try {
          await sendMail(server, { from, to }, mail, signal)
        } catch (thrown) {
          if (signal.aborted) throw signal.reason
          if (thrown instanceof SmtpRefusal && thrown.isFinal) throw refused(thrown.message, thrown)
          throw new CallbusError(
            'MESSAGE_UNSENT',
            { way: 'email', reason: reasonOf(thrown) },
            { cause: thrown },
          )
        }
      },
    }
  },
})

function refused(reason: string, cause?: unknown): CallbusError {
  return new CallbusError('MESSAGE_REFUSED', { way: 'email', reason }, { cause })
}

function isAddress(text: string): boolean {
  return /^[!-;=?-~]+@[A-Za-z0-9.-]+$/.test(text)
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}
