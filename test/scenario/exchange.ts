/**
 * A real Asterisk that was set up by nothing but the files `callbus asterisk-config` prints, so that each
 * scenario proves them as well. Only addresses are changed, because tests share one machine.
 */
import { join } from 'node:path'
import { Value } from 'typebox/value'
import { asteriskConfig } from '../../adapters/asterisk/asterisk-config.ts'
import { Settings } from '../../adapters/asterisk/settings.ts'
import type { World } from '../asterisk/config.ts'
import { type AsteriskInstance, startAsterisk } from '../asterisk/instance.ts'
import { openPhone, type Phone, type PhoneOptions } from '../support/sip/sip-phone.ts'

export interface ExchangeOptions {
  /** Where it dials Callbus; without it Callbus dials the exchange. */
  listen?: { host: string; port: number }
  /** Seconds of the dead-man's guard. */
  guardSeconds?: number
  /** Default 20. */
  parallelCalls?: number
}

export interface Exchange extends AsyncDisposable {
  readonly asterisk: AsteriskInstance
  /** The section of the site's settings that belongs to it. */
  readonly settings: Settings
  /** Whoever is called on the public network: drivers. */
  readonly outside: Phone
  /** An operator's phone, registered. */
  phone(extension: Extension, options?: Pick<PhoneOptions, 'answers' | 'says'>): Promise<Phone>
  /** Rendered sentences, kept for all companies of this exchange. */
  readonly prompts: string
}

export type Extension = '101' | '102'
const extensions: readonly Extension[] = ['101', '102']
const passwordOf = (extension: Extension) => `secret-of-${extension}`
/** Where the phones live: the exchange knows its trunk by its address, so they need another. */
const officeHost = '127.0.0.2'

export async function openExchange({
  listen,
  guardSeconds,
  parallelCalls = 20,
}: ExchangeOptions = {}): Promise<Exchange> {
  let settings = Value.Default(Settings, {}) as Settings
  let outside: Promise<Phone> | undefined

  const asterisk = await startAsterisk({
    parallelCalls,
    phones: [],
    configure(world) {
      settings = Value.Default(Settings, {
        url: `http://127.0.0.1:${world.ariPort}/ari`,
        username: world.user,
        password: world.password,
        ...(listen && { listen }),
        ...(guardSeconds !== undefined && { guardSeconds }),
      }) as Settings
      outside = openPhone({ port: world.trunkPort })
      return withOwnAddresses(
        asteriskConfig(settings, {
          trunk: { host: '127.0.0.1' },
          phones: extensions.map((extension) => ({ extension, password: passwordOf(extension) })),
        }),
        world,
      )
    },
  })
  const cleanup = new AsyncDisposableStack()
  cleanup.use(asterisk)
  if (outside) cleanup.use(await outside)

  return {
    asterisk,
    settings,
    outside: (await outside) as Phone,
    prompts: join(asterisk.dir, 'prompts'),
    phone: (extension, options) =>
      openPhone({
        ...options,
        host: officeHost,
        account: { asterisk, user: extension, password: passwordOf(extension) },
      }),
    [Symbol.asyncDispose]: () => cleanup.disposeAsync(),
  }
}

function withOwnAddresses(files: Record<string, string>, { sipPort, trunkPort }: World) {
  const pjsip = files['pjsip.conf'] ?? ''
  return {
    ...files,
    'pjsip.conf': pjsip
      .replace('bind=0.0.0.0:5060', `bind=127.0.0.1:${sipPort}`)
      .replace('contact=sip:127.0.0.1\n', `contact=sip:127.0.0.1:${trunkPort}\n`),
  }
}

/**
 * One exchange for all tests of a file, started by the first that asks. Asterisk 22.10.1 may die of a WebSocket that
 * closes (an event is written to one that is gone): one that died between two tests is told of and replaced.
 */
export function sharedExchange(
  after: (cleanup: () => Promise<void>) => void,
  options: ExchangeOptions = {},
): () => Promise<Exchange> {
  let running: Promise<Exchange> | undefined
  after(async () => (await running)?.[Symbol.asyncDispose]())
  return async () => {
    running ??= openExchange(options)
    const exchange = await running
    const illness = await exchange.asterisk.illness()
    if (illness === undefined) return exchange
    console.error(`Replaced between two tests. ${illness}`)
    await exchange[Symbol.asyncDispose]()
    running = openExchange(options)
    return await running
  }
}
