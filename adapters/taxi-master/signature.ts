import { hash } from 'node:crypto'

/** Taxi-Master's signature: MD5 over the bytes exactly as sent, with the secret key behind them. */
export function sign(payload: string | Buffer, key: string): string {
  return hash('md5', Buffer.concat([Buffer.from(payload), Buffer.from(key)]), 'hex')
}
