import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { test } from 'node:test'
import { openBrowser } from './chromium.ts'
import { needs } from './needs.ts'

test('a real browser runs the page of a local server', { skip: needs.chromium() }, async () => {
  const server = createServer((_, answer) => {
    answer.setHeader('content-type', 'text/html')
    answer.end('<h1></h1><script>document.querySelector("h1").textContent = "Calls"</script>')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  assert.ok(address && typeof address === 'object')

  await using browser = await openBrowser()
  const page = await browser.newPage()
  await page.goto(`http://127.0.0.1:${address.port}/`)
  assert.equal(await page.textContent('h1'), 'Calls')
  server.close()
})
