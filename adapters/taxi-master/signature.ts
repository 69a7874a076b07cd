import { hash } from 'node:crypto'

/** Taxi-Master's signature: MD5 over the bytes exactly as sent, with the secret key behind them. */
export function sign(payload: string | Buffer, key: string): string {
  const bytes = typeof payload === 'string' ? payload + key : Buffer.concat([payload, Buffer.from(key)])
  return hash('md5', bytes, 'hex')
}
