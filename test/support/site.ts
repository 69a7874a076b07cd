/** A site's folder for one test. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

export interface TestSite extends AsyncDisposable {
  readonly folder: string
  /** Adds a file, making the folders above it. */
  write(file: string, content: string | Uint8Array): Promise<void>
}

export async function makeSite(yaml: string): Promise<TestSite> {
  const folder = await mkdtemp(join(tmpdir(), 'callbus-site-'))
  async function write(file: string, content: string | Uint8Array) {
    await mkdir(dirname(join(folder, file)), { recursive: true })
    await writeFile(join(folder, file), content)
  }
  await write('callbus.yaml', yaml)
  return { folder, write, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}

/** A living company on ports of its own. */
export function livingCompany({ port = 0 }: { port?: number } = {}): string {
  return `
site: { name: demo, title: Test Taxi }
http: { port: ${port} }
mqtt: { port: 0 }
calls: { stopPatience: 0 }
voice: { engines: [silent] }
adapters:
  asterisk: { simulated: true }
  taxi-master: { simulated: true }
plugins: { blacklist: {}, order-status: {}, operators: {}, recording: {}, dispatch-door: {} }
`
}
