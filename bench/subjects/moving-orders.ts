/** A simulated Taxi-Master with many current orders, in a process of its own; moves some of them when told. */
import { setTimeout as pause } from 'node:timers/promises'
import { settingsFor } from '../../adapters/taxi-master/simulator/company.ts'
import { startTaxiMasterSimulator } from '../../adapters/taxi-master/simulator/simulator.ts'

export interface Plan {
  orders: number
  moves: number
  /** Milliseconds between two moves. */
  every: number
  /** The door to tell each move to, if there is one. */
  door?: { url: string; eventSecret: string }
  /** Another one for every run, so that each moves orders of its own. */
  run: number
}
export type Told = { settings: ReturnType<typeof settingsFor> } | { order: string; at: number } | 'done'

const arrived = 10
const tell = (told: Told) => process.send?.(told)
const simulator = await startTaxiMasterSimulator()
const ids: number[] = []

process.on('message', async ({ orders, moves, every, door, run }: Plan) => {
  if (door) simulator.outgoing.callThrough(door)
  for (let move = 0; move < moves; move += 1) {
    const id = ids[(move * Math.floor(orders / moves) + run) % orders] ?? 0
    tell({ order: String(id), at: Date.now() })
    simulator.moveOrder(id, arrived)
    await pause(every)
  }
  tell('done')
})

const count = Number(process.argv[2] ?? 10_000)
for (let number = 0; number < count; number += 1) {
  ids.push(simulator.placeOrder({ phone: `067${String(number).padStart(7, '0')}` }).id)
}
tell({ settings: settingsFor(simulator) })
