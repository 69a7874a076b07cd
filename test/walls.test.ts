import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { test } from 'node:test'

const root = join(import.meta.dirname, '..')
const sources = globSync('{core,plugins,adapters,test,docs,scripts,bench}/**/*.{ts,tsx}', {
  cwd: root,
}).filter((file) => !/node_modules|\/dist\/|^build\//.test(file))
const isTest = (file: string) => /\.test\.tsx?$/.test(file)
const textOf = (file: string) => readFileSync(join(root, file), 'utf8')

/** What a file imports from this repository, as paths from its root. */
function importsOf(file: string): string[] {
  const specifiers = [...textOf(file).matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(
    ([, each = '']) => each,
  )
  return specifiers.flatMap((each) => {
    if (each.startsWith('#core/')) return [`core/${each.slice('#core/'.length)}`]
    if (each.startsWith('.')) return [posix.join(dirname(file), each)]
    return []
  })
}

function crossing(files: string[], isAllowed: (imported: string, file: string) => boolean): string[] {
  return files.flatMap((file) =>
    importsOf(file)
      .filter((imported) => !isAllowed(imported, file))
      .map((imported) => `${file} imports ${imported}`),
  )
}

/** `plugins/blacklist` of `plugins/blacklist/routes.ts`. */
const roomOf = (file: string) => file.split('/').slice(0, 2).join('/')
const houseOf = (wing: string) => sources.filter((file) => file.startsWith(`${wing}/`) && !isTest(file))

test('core imports neither plugins nor adapters nor tests', () => {
  assert.deepEqual(
    crossing(houseOf('core'), (imported) => imported.startsWith('core/')),
    [],
  )
})

test('a plugin imports core and its own folder', () => {
  assert.deepEqual(
    crossing(
      houseOf('plugins'),
      (imported, file) => imported.startsWith('core/') || imported.startsWith(`${roomOf(file)}/`),
    ),
    [],
  )
})

test('an adapter imports its port, the contracts of core and its own folder', () => {
  const closed = /^core\/(http|mqtt|database|calls|users|voice|cli)\//
  assert.deepEqual(
    crossing(
      houseOf('adapters'),
      (imported, file) =>
        imported.startsWith(`${roomOf(file)}/`) || (imported.startsWith('core/') && !closed.test(imported)),
    ),
    [],
  )
})

test('every plugin and adapter has its README', () => {
  const rooms = [...new Set(sources.filter((file) => /^(plugins|adapters)\//.test(file)).map(roomOf))]
  assert.deepEqual(
    rooms.filter((room) => !existsSync(join(root, room, 'README.md'))),
    [],
  )
})

test('no file is longer than 400 lines', () => {
  const generated = ['adapters/asterisk/ari/types.ts']
  /** Longer when this wall was built; the list may only lose names. */
  const older = ['test/contract/telephony.ts']
  const long = sources
    .filter((file) => !generated.includes(file) && !older.includes(file))
    .map((file) => ({ file, lines: textOf(file).trimEnd().split('\n').length }))
    .filter(({ lines }) => lines > 400)
  assert.deepEqual(long, [])
})

test('nothing is marked as left for later', () => {
  const marks = new RegExp(['TO', 'DO|FIX', 'ME|X', 'XX\\b|HA', 'CK\\b'].join(''))
  assert.deepEqual(
    sources.filter((file) => marks.test(textOf(file))),
    [],
  )
})
