/**
 * Finds or fetches a real Asterisk. An installed one of version 20 or newer is used as it is; otherwise
 * Debian's own packages are unpacked into a private tree, libc included, which needs no root and leaves the
 * machine untouched. `node test/asterisk/provision.ts` does it by hand.
 */
import { execFile, execFileSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { hasProgram, programPath } from '../support/daemon.ts'

const run = promisify(execFile)

export interface AsteriskBuild {
  version: string
  /** Program and leading parameters that run it. */
  command: readonly string[]
  modules: string
  /** Holds `sounds`, `documentation` and `rest-api`. */
  share: string
}

/** The version the tests are written against. Unstable moves: look at its changes, run the tests, then change this. */
const pinnedVersion = '1:22.10.1+dfsg+~cs6.17.60671434-1'

const oldestInstalled = 20
const packages = ['asterisk', 'asterisk-modules', 'asterisk-core-sounds-en-gsm']
const notNeeded = [
  './var',
  './dev',
  './usr/share/doc',
  './usr/share/man',
  './usr/share/locale',
  './usr/lib/*/perl*',
  './usr/share/perl*',
]

/** What is at hand without fetching anything. */
export function findAsterisk(): AsteriskBuild | undefined {
  return installedAsterisk() ?? treeIn(cacheFolder()) ?? treeIn(fallbackFolder())
}

export async function provisionAsterisk(): Promise<AsteriskBuild> {
  const found = findAsterisk()
  if (found) return found
  if (!hasProgram('apt-get') || !hasProgram('dpkg-deb')) {
    throw new Error('No Asterisk 20 or newer is installed, and only Debian can fetch one by itself')
  }

  const folder = await writableFolder()
  const work = await mkdtemp(`${folder}-`)
  try {
    await downloadPackages(join(work, 'apt'))
    await unpackPackages(join(work, 'apt/cache/archives'), join(work, 'tree'))
    await rm(folder, { recursive: true, force: true })
    await rename(join(work, 'tree'), folder)
  } finally {
    await rm(work, { recursive: true, force: true })
  }

  const build = treeIn(folder)
  if (!build) throw new Error(`The Asterisk unpacked into ${folder} does not run`)
  return build
}

function installedAsterisk(): AsteriskBuild | undefined {
  const program = programPath('asterisk')
  if (!program) return undefined
  const version = versionOf([program])
  const modules = ['/usr/lib/asterisk/modules', '/usr/lib64/asterisk/modules', ...multiarch('/usr/lib')].find(
    existsSync,
  )
  const share = ['/usr/share/asterisk', '/var/lib/asterisk'].find((folder) =>
    existsSync(join(folder, 'sounds')),
  )
  if (!version || Number.parseInt(version, 10) < oldestInstalled || !modules || !share) return undefined
  return { version, command: [program], modules, share }
}

function treeIn(folder: string): AsteriskBuild | undefined {
  const program = join(folder, 'usr/sbin/asterisk')
  const modules = multiarch(join(folder, 'usr/lib'))[0]
  if (!existsSync(program) || !modules) return undefined
  const libraries = resolve(modules, '../..')
  const loader = readdirSync(libraries).find((name) => /^ld-linux.*\.so/.test(name))
  if (!loader) return undefined
  const command = [join(libraries, loader), '--library-path', libraries, program]
  const version = versionOf(command)
  return version ? { version, command, modules, share: join(folder, 'usr/share/asterisk') } : undefined
}

function multiarch(lib: string): string[] {
  if (!existsSync(lib)) return []
  return readdirSync(lib)
    .map((name) => join(lib, name, 'asterisk/modules'))
    .filter((folder) => existsSync(folder))
}

function versionOf([program, ...parameters]: readonly string[]): string | undefined {
  if (!program) return undefined
  try {
    const answer = execFileSync(program, [...parameters, '-V'], { encoding: 'utf8' })
    return /Asterisk (?:certified[/-])?([0-9][0-9.]*)/.exec(answer)?.[1]
  } catch {
    return undefined
  }
}

function folderName() {
  return `asterisk-${/^(?:\d+:)?([0-9.]+)/.exec(pinnedVersion)?.[1]}`
}

function cacheFolder() {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'callbus', folderName())
}

function fallbackFolder() {
  return resolve(import.meta.dirname, '../../build', folderName())
}

async function writableFolder(): Promise<string> {
  for (const folder of [cacheFolder(), fallbackFolder()]) {
    try {
      await mkdir(resolve(folder, '..'), { recursive: true })
      await rm(await mkdtemp(`${folder}-`), { recursive: true })
      return folder
    } catch {}
  }
  throw new Error('Neither the cache folder nor build/ can be written to')
}

/** apt with nothing of the machine's own state: an empty list of installed packages fetches the whole closure. */
async function downloadPackages(folder: string) {
  for (const name of ['lists/partial', 'cache/archives/partial', 'etc/preferences.d']) {
    await mkdir(join(folder, name), { recursive: true })
  }
  await writeFile(join(folder, 'status'), '')
  await writeFile(
    join(folder, 'etc/sources.list'),
    `deb [signed-by=${keyring()}] ${await mirror()} sid main\n`,
  )
  const settings = {
    'Dir::Etc': join(folder, 'etc'),
    'Dir::Etc::sourcelist': join(folder, 'etc/sources.list'),
    'Dir::Etc::sourceparts': '-',
    'Dir::State': folder,
    'Dir::State::lists': join(folder, 'lists'),
    'Dir::State::status': join(folder, 'status'),
    'Dir::Cache': join(folder, 'cache'),
    'Acquire::Check-Valid-Until': 'false',
    'Acquire::Languages': 'none',
    'Acquire::Retries': '3',
    'APT::Install-Recommends': 'false',
    'Debug::NoLocking': '1',
    'APT::Sandbox::User': '',
  }
  const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`])

  await run('apt-get', [...options, '-qq', 'update'])
  const { stdout } = await run('apt-cache', [...options, 'policy', 'asterisk'])
  const offered = /Candidate: (\S+)/.exec(stdout)?.[1]
  if (offered !== pinnedVersion) {
    throw new Error(
      `Debian unstable now carries Asterisk ${offered}, the tests are pinned to ${pinnedVersion}: ` +
        'read its changes, run the tests with the new one, then move pinnedVersion in test/asterisk/provision.ts',
    )
  }
  await run('apt-get', [...options, '-qq', '-y', '-d', 'install', ...packages], { maxBuffer: 1 << 24 })
}

function keyring(): string {
  const names = ['gpg', 'pgp'].map((kind) => `/usr/share/keyrings/debian-archive-keyring.${kind}`)
  const found = names.find((name) => existsSync(name))
  if (!found) throw new Error('No keyring of Debian here: install the package debian-archive-keyring')
  return found
}

/** The machine's own mirror; its name belongs to the machine. */
async function mirror(): Promise<string> {
  const wanted = ['Created-By: Packages', 'Origin: Debian', 'Label: Debian']
  const { stdout } = await run('apt-get', ['indextargets', '--format', '$(REPO_URI)', ...wanted])
  const first = stdout.split('\n').find(Boolean)
  if (!first) throw new Error('apt on this machine knows no Debian mirror')
  return first
}

async function unpackPackages(archives: string, tree: string) {
  await mkdir(tree, { recursive: true })
  const exclusions = notNeeded.map((path) => `--exclude='${path}'`).join(' ')
  for (const name of await readdir(archives)) {
    if (!name.endsWith('.deb')) continue
    const unpack = `set -o pipefail; dpkg-deb --fsys-tarfile "$0" | tar -x -C "$1" ${exclusions}`
    await run('bash', ['-c', unpack, join(archives, name), tree])
  }
  // The packages leave this link to a maintainer script.
  await symlink('en_US_f_Allison', join(tree, 'usr/share/asterisk/sounds/en'))
}

if (import.meta.main) {
  const build = await provisionAsterisk()
  console.log(`Asterisk ${build.version}: ${build.command.join(' ')}`)
}
