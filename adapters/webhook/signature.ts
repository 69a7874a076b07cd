/** The signature of Standard Webhooks: HMAC-SHA-256 over id, second and body. */
import { createHmac } from 'node:crypto'

const prefix = 'whsec_'

export function signatureOf(
  secret: string,
  { id, second, body }: { id: string; second: number; body: string },
) {
  const key = secret.startsWith(prefix)
    ? Buffer.from(secret.slice(prefix.length), 'base64')
    : Buffer.from(secret)
  return `v1,${createHmac('sha256', key).update(`${id}.${second}.${body}`).digest('base64')}`
}
