import { definePlugin } from '#core/plugin.ts'
import { waitForOperator } from './flow.ts'
import { openHuntGroup } from './hunt-group.ts'
import { Settings } from './settings.ts'
import { words } from './words.ts'

export const plugin = definePlugin({
  name: 'operators',
  about: 'Rings the operators’ phones for those who need a person, with music while they wait.',
  settings: Settings,
  words,

  start({ bus, clock, places, settings }) {
    const group = openHuntGroup({ ...settings, restAfterMiss: settings.restAfterMiss * 1_000, clock })
    const desk = { group, settings, clock, places }

    bus.on('call.talking', (talk) => group.talks(talk.with, talk.call))
    bus.on('call.talk-ended', (talk) => group.release([talk.with], talk.call))

    places.offer('operators', async (caller, { because, since }) => {
      caller.waitsAt('operators', because)
      await waitForOperator(caller, desk, since ?? clock.now())
    })
  },
})
