import { once } from 'node:events'
import { readdir, readFile, readlink } from 'node:fs/promises'
import { createServer } from 'node:net'
import { CallbusError } from '../errors.ts'

const listening = '0A'

/** Rejects with `PORT_TAKEN`; asked before neighbours are, since two of us at one exchange would share its calls. */
export async function ensureFree({ host, port }: { host: string; port: number }): Promise<void> {
  const server = createServer().listen({ host, port })
  try {
    await once(server, 'listening')
  } catch (thrown) {
    throw await toPortTaken(thrown, { host, port })
  }
  server.close()
  await once(server, 'close')
}

/** The coded error when it is that the port is taken, and what was thrown otherwise. */
export async function toPortTaken(thrown: unknown, { host, port }: { host: string; port: number }) {
  if ((thrown as NodeJS.ErrnoException).code !== 'EADDRINUSE') return thrown
  return new CallbusError('PORT_TAKEN', { host, port, holder: await whoHolds(port) }, { cause: thrown })
}

/** Who listens on a port, as far as this machine tells us. */
async function whoHolds(port: number): Promise<string> {
  const inode = await inodeOf(port).catch(() => undefined)
  const pid = inode && (await processOf(inode).catch(() => undefined))
  if (!pid) return 'another program'
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  const words = command.split('\0').filter(Boolean)
  const isCallbus = words.some((word) => /(^|\/)(core\/main\.ts|callbus)$/.test(word))
  return isCallbus ? `another Callbus (process ${pid})` : `process ${pid} (${words.slice(0, 2).join(' ')})`
}

async function inodeOf(port: number): Promise<string | undefined> {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0')
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    const lines = (await readFile(table, 'utf8').catch(() => '')).split('\n')
    for (const line of lines) {
      const columns = line.trim().split(/\s+/)
      if (columns[1]?.endsWith(`:${wanted}`) && columns[3] === listening) return columns[9]
    }
  }
  return undefined
}

/** Other people's processes hide their open files from us; then there is no answer. */
async function processOf(inode: string): Promise<string | undefined> {
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue
    for (const file of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
      const target = await readlink(`/proc/${pid}/fd/${file}`).catch(() => '')
      if (target === `socket:[${inode}]`) return pid
    }
  }
  return undefined
}
