import { definePlugin } from '#core/plugin.ts'
import { toVerdict } from './screen.ts'
import { Settings } from './settings.ts'

export const plugin = definePlugin({
  name: 'repeat-caller',
  about: 'Brings a caller with an order back to the operator who took it, if that one is free.',
  settings: Settings,

  start({ reception, settings }) {
    reception.screen(async (call) => toVerdict(await call.identity, settings))
  },
})
