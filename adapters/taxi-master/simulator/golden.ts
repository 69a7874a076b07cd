/** How golden request vectors are held against the adapter and against the simulator. */
import assert from 'node:assert/strict'
import { Agent, request } from 'undici'
import type { Asker } from '#core/asking/asker.ts'
import type { Request } from '#core/asking/line.ts'
import { startTaxiMasterSimulator } from './simulator.ts'

/** Nobody answers; what is asked may be looked at. */
export function openSilence(sent: Request[] = []): Asker {
  return {
    async ask(each) {
      sent.push(each)
      throw new Error('only the request matters here')
    },
  }
}

export async function requestsOf(ask: (asker: Asker) => Promise<unknown>): Promise<Request[]> {
  const sent: Request[] = []
  await assert.rejects(ask(openSilence(sent)))
  return sent
}

/** The same, noting which of its methods are looked up. */
export function noting<Api extends object>(api: Api, names: Set<string>): Api {
  return new Proxy(api, {
    get(target, name) {
      names.add(String(name))
      return Reflect.get(target, name)
    },
  })
}

/** Codes below 100 say that Taxi-Master did not understand the request or its signature. */
export async function takesAll(requests: readonly Request[], key: string): Promise<void> {
  const simulator = await startTaxiMasterSimulator({ keys: { commonApi: key, tapi: key } })
  const dispatcher = new Agent({ connect: { rejectUnauthorized: false } })
  try {
    for (const { verb, path, headers, body } of requests) {
      const options = { method: verb, headers, body: body ?? null, dispatcher }
      const text = await (await request(simulator.url + path, options)).body.text()
      const code = Number(/"code":(\d+)|<code>(\d+)/.exec(text)?.slice(1).find(Boolean))
      assert.ok(code === 0 || code >= 100, `${path} was answered ${text}`)
    }
  } finally {
    await dispatcher.destroy()
    await simulator.stop()
  }
}
