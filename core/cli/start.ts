import { type App, startApp } from '../app.ts'
import type { Command } from './commands.ts'
import { siteOf } from './site.ts'

export const start: Command = {
  about: 'Opens the site in this folder, or a living company to look at.',
  async run(words) {
    const { folder, settings, isLivingCompany } = siteOf(words)
    const app = await startApp({ settings, folder })
    console.log(
      [
        '',
        isLivingCompany
          ? 'A living taxi company is open: its exchange and its dispatch program are simulated.'
          : `${settings.site.title} is open.`,
        `Ready in ${Math.round(performance.now())} ms.`,
        `Console: ${await app.signInLink()}`,
        'The link signs you in once; `npm run callbus -- sign-in` prints another.',
        'Ctrl-C closes politely; a second one hurries.',
        '',
      ].join('\n'),
    )
    await closed(app.stop)
    // A plugin that forgot a timer or a socket must not keep the process.
    setTimeout(() => process.exit(), 1_000).unref()
    return 0
  },
}

/** Resolves after the first signal to stop; a second one makes it hurry. */
async function closed(stop: App['stop']): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const hurry = new AbortController()
  let isStopping = false
  const hear = () => {
    if (isStopping) return hurry.abort()
    isStopping = true
    stop(hurry.signal).then(resolve, reject)
  }
  process.on('SIGINT', hear)
  process.on('SIGTERM', hear)
  await promise
}
