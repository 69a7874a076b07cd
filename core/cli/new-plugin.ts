import { existsSync } from 'node:fs'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { houseFolder } from '../registry.ts'
import type { Command } from './commands.ts'
import { Misuse } from './misuse.ts'
import { findSite } from './site.ts'

/** `npm run new:plugin -- NAME`: a plugin with its test, ready to run, in the site's own folder. */
export const newPlugin: Command = {
  about: 'Makes a plugin with its test in the plugins folder of the site.',
  takes: 'NAME',
  async run(words) {
    const { positionals } = parseArgs({
      args: words,
      options: { site: { type: 'string' } },
      allowPositionals: true,
      strict: false,
    })
    const [name, ...more] = positionals
    if (!name || more.length > 0 || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > 40) {
      throw new Misuse('Name the plugin in lower case with dashes: callbus new-plugin night-greeting')
    }
    const { folder, isLivingCompany } = findSite(words)
    const room = join(folder, 'plugins', name)
    if (existsSync(room) || existsSync(join(houseFolder, 'plugins', name))) {
      throw new Misuse(`There is a plugin named ${name} already. Choose another name.`)
    }
    await mkdir(room, { recursive: true })
    for (const [file, text] of Object.entries(template(name))) await writeFile(join(room, file), text)
    await linkHouse(folder)

    const here = relative(process.cwd(), room) || '.'
    const settings = isLivingCompany ? 'a callbus.yaml of your own' : 'callbus.yaml'
    console.log(
      [
        `Made ${here}: plugin.ts, plugin.test.ts and README.md.`,
        `Test it: node --test ${here}/plugin.test.ts`,
        `Run it: add \`${name}: {}\` under \`plugins\` in ${settings}.`,
      ].join('\n'),
    )
    return 0
  },
}

/** Lets editors and tests of a site elsewhere find `callbus/plugin` and `callbus/testing`. */
async function linkHouse(folder: string): Promise<void> {
  const isInside = !relative(houseFolder, folder).startsWith('..')
  if (isInside) return
  const link = join(folder, 'node_modules', 'callbus')
  if (!existsSync(link)) {
    await mkdir(join(folder, 'node_modules'), { recursive: true })
    await symlink(houseFolder, link, 'dir')
  }
  const about = join(folder, 'package.json')
  if (!existsSync(about)) await writeFile(about, '{ "private": true, "type": "module" }\n')
}

function template(name: string): Record<string, string> {
  return {
    'plugin.ts': `import { definePlugin, defineWords, Type } from 'callbus/plugin'

const Settings = Type.Object(
  {
    enabledFor: Type.Array(Type.String(), { default: [], description: 'Callers who are greeted.' }),
  },
  { additionalProperties: false, default: {} },
)

export const words = defineWords('${name}', {
  greeting: { ru: 'Здравствуйте.', uk: 'Вітаємо.', pl: 'Dzień dobry.', en: 'Hello.' },
})

export const plugin = definePlugin({
  name: '${name}',
  about: 'Greets the callers it is enabled for, then lets them go on to the operators.',
  settings: Settings,
  words,

  start({ reception, settings }) {
    reception.screen((call) => {
      if (!call.from || !settings.enabledFor.includes(call.from)) return 'welcome'
      return {
        because: 'the number is to be greeted',
        async talk(caller) {
          await caller.answer()
          await caller.say(words.greeting)
          await caller.transferTo('operators')
        },
      }
    })
  },
})
`,
    'plugin.test.ts': `import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestApp } from 'callbus/testing'
import { plugin } from './plugin.ts'

test('a caller it is enabled for is greeted and goes on', async (t) => {
  const app = await startTestApp(t, { plugin, settings: { enabledFor: ['+380671234567'] } })
  const caller = await app.ring({ from: '+380671234567' })
  assert.deepEqual(await caller.hears(), ['${name}.greeting'])
  assert.equal(await caller.reaches(), 'operators')
})

test('everybody else goes on unheard', async (t) => {
  const app = await startTestApp(t, { plugin, settings: {} })
  const caller = await app.ring({ from: '+380671234567' })
  assert.equal(await caller.reaches(), 'operators')
  assert.deepEqual(await caller.hears(), [])
})
`,
    'README.md': `# ${name}

Greets the callers it is enabled for, then lets them go on to the operators.

\`\`\`yaml
plugins:
  ${name}:
    enabledFor: ['+380671234567']
\`\`\`
`,
  }
}
