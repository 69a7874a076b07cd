import { once } from 'node:events'
import { houseAdapters } from '../registry.ts'
import type { Command } from './commands.ts'
import { Misuse } from './misuse.ts'

/** `callbus sim taxi-master`: somebody else's neighbour, for those who build against it. */
export const sim: Command = {
  about: 'Opens the simulator of a neighbour, for integrators; Ctrl-C closes it.',
  takes: 'ADAPTER',
  async run([name = '', ...words]) {
    const simulated = (await houseAdapters()).filter(({ sim }) => sim)
    const adapter = simulated.find((each) => each.name === name)
    if (!adapter?.sim) {
      const names = simulated.map((each) => each.name).join(', ')
      throw new Misuse(`Name whom to simulate: ${names}. For example: callbus sim ${simulated[0]?.name}`)
    }
    await using cleanup = new AsyncDisposableStack()
    const problem = await adapter.sim({ words, cleanup, print: (text) => console.log(text) })
    if (problem !== undefined) throw new Misuse(problem)
    await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
    return 0
  },
}
