/** Hears whatever the simulator sends, as `content-type url body`, and answers 200. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export async function openEar() {
  const heard: string[] = []
  const server = createServer(async (request, response) => {
    const body = await text(request)
    heard.push(`${request.headers['content-type'] ?? ''} ${request.url} ${body}`)
    response.end('OK')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
