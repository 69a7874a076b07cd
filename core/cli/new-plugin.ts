import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from './commands.ts'
import { siteOf } from './site.ts'

/** `npm run new:plugin -- NAME`: a plugin with its test, ready to run, in the site's own folder. */
export const newPlugin: Command = {
  about: 'Makes a plugin with its test in the plugins folder of the site.',
  async run(words) {
    const name = words.find((word) => !word.startsWith('-'))
    if (!name || !/^[a-z][a-z0-9-]{1,40}$/.test(name)) {
      console.log('Name the plugin in lower case with dashes: callbus new-plugin night-greeting')
      return 1
    }
    const { folder } = siteOf(words.filter((word) => word !== name))
    const room = join(folder, 'plugins', name)
    if (existsSync(room)) {
      console.log(`There is a plugin named ${name} already: ${room}`)
      return 1
    }
    await mkdir(room, { recursive: true })
    for (const [file, text] of Object.entries(template(name))) await writeFile(join(room, file), text)
    console.log(`Made ${room}. Add \`${name}: {}\` under \`plugins\` in callbus.yaml to run it.`)
    return 0
  },
}

function template(name: string): Record<string, string> {
  return {
    'plugin.ts': `import { definePlugin, defineWords, Type } from 'callbus/plugin'

const Settings = Type.Object({ enabledFor: Type.Array(Type.String(), { default: [] }) }, { default: {} })

const words = defineWords('${name}', {
  greeting: { ru: 'Здравствуйте.', uk: 'Вітаємо.', pl: 'Dzień dobry.', en: 'Hello.' },
})

export const plugin = definePlugin({
  name: '${name}',
  about: 'Greets the callers it is enabled for, then lets them go on to the operators.',
  settings: Settings,

  start({ reception, settings }) {
    reception.screen((call) => {
      if (!call.from || !settings.enabledFor.includes(call.from)) return 'welcome'
      return {
        because: 'the number is to be greeted',
        async talk(caller) {
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

test('a caller it is enabled for is greeted', async (t) => {
  const app = await startTestApp(t, { plugin, settings: { enabledFor: ['+380671234567'] } })
  const caller = await app.ring({ from: '+380671234567' })
  assert.deepEqual(await caller.hears(), ['${name}.greeting'])
})

test('everybody else goes on unheard', async (t) => {
  const app = await startTestApp(t, { plugin, settings: {} })
  const caller = await app.ring({ from: '+380671234567' })
  assert.equal(await caller.reaches(), 'operators')
})
`,
    'README.md': `# ${name}\n\nGreets the callers it is enabled for, then lets them go on to the operators.\n`,
  }
}
