import { readdir, readFile, readlink } from 'node:fs/promises'

const listening = '0A'

/** Who listens on a port, as far as this machine tells us. */
export async function whoHolds(port: number): Promise<string> {
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
