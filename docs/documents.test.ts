import assert from 'node:assert/strict'
import { existsSync, globSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { parseDocument } from 'yaml'
import { findCommand } from '#core/cli/commands.ts'
import { findAdapter, findPlugin } from '#core/registry.ts'
import { checkSettings, parseSettings } from '#core/settings.ts'
import { pages } from '../scripts/pages.ts'
import { blocksOf, readDocument, root } from '../test/support/documents.ts'

const documents = globSync(['*.md', 'docs/**/*.md', '{plugins,adapters}/*/README.md', 'test/README.md'], {
  cwd: root,
}).sort()

test('what the code writes is up to date', async () => {
  for (const [file, text] of Object.entries(await pages())) {
    assert.equal(await readDocument(file), text, `${file} is out of date: npm run docs`)
  }
})

/** Plugins that a guide has its reader write. */
const madeByReaders = ['lost-property']

for (const document of documents) {
  const markdown = await readDocument(document)

  const examples = blocksOf(markdown).filter(({ language }) => language === 'yaml')
  for (const [index, { text }] of examples.entries()) {
    test(`settings example ${index + 1} of ${document} is valid`, async () => {
      for (const name of namesOfVariables(text)) process.env[name] ??= 'secret'
      const settings = parseSettings(text.replaceAll(/!file \S+?(?=[\s,}]|$)/gm, 'secret'), 'callbus.yaml')
      const named = parseDocument(text, { logLevel: 'silent' }).toJS() as Record<string, object | undefined>
      for (const name of Object.keys(named.adapters ?? {})) {
        const section = settings.adapters[name] as Record<string, unknown>
        if (section.simulated) continue
        checkSettings((await findAdapter(name, root)).settings, section, `adapters.${name}`)
      }
      for (const name of Object.keys(named.plugins ?? {})) {
        if (madeByReaders.includes(name)) continue
        checkSettings((await findPlugin(name, root)).settings, settings.plugins[name], `plugins.${name}`)
      }
    })
  }

  test(`the links of ${document} lead somewhere`, () => {
    const links = [...markdown.matchAll(/\]\(([^)#]+)(#[^)]*)?\)/g)].map(([, link = '']) => link)
    for (const link of links.filter((each) => !/^https?:/.test(each))) {
      assert.ok(existsSync(join(root, dirname(document), link)), `${document}: ${link}`)
    }
  })
}

test('the README names the commands a newcomer needs, and the one that .ci/run calls', async () => {
  const readme = await readDocument('README.md')
  const ci = await readDocument('.ci/run')
  for (const command of ['npm ci && npm start', 'npm ci && npm test', '.ci/run']) {
    assert.ok(readme.includes(command), command)
  }
  assert.match(ci, /npm test$/m)
})

test('every `npm run` and `callbus` command in a document exists', async () => {
  const { scripts } = JSON.parse(await readDocument('package.json'))
  for (const document of documents) {
    const markdown = await readDocument(document)
    for (const [, script = ''] of markdown.matchAll(/npm run ([\w:]+)/g)) {
      assert.ok(script in scripts, `${document}: npm run ${script}`)
    }
    for (const [, command = ''] of markdown.matchAll(/npm run callbus -- ([\w-]+)/g)) {
      await assert.doesNotReject(findCommand(command), `${document}: callbus ${command}`)
    }
  }
})

function namesOfVariables(yaml: string): string[] {
  return [...yaml.matchAll(/!env (\w+)/g)].map(([, name = '']) => name)
}
