import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { storageContract } from './storage.ts'

const folder = await mkdtemp(join(tmpdir(), 'callbus-storage-'))
after(() => rm(folder, { recursive: true }))

let files = 0
storageContract('SQLite', async () => ({
  kind: 'sqlite',
  file: join(folder, `${++files}`, 'callbus.sqlite'),
}))
