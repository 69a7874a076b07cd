import { type Command, defineCommand } from '#core/mqtt/commands.ts'
import { OrderId, Type } from '#core/schema.ts'
import type { Desk } from './desk.ts'

/** Over MQTT what the route does over HTTP; the id of the command makes a repeated one the same call. */
export function callClient(desk: Pick<Desk, 'ask'>): Command {
  return defineCommand({
    name: 'client.call',
    about: 'Calls the client of an order now and tells him how it stands, or what a rule says.',
    right: 'clients.call',
    schema: Type.Object({ order: OrderId, rule: Type.Optional(Type.String({ maxLength: 40 })) }),
    async handler({ order, rule }, asked) {
      const { id, state } = await desk.ask({ order, rule, request: asked.id, by: 'a program' })
      return { id, state }
    },
  })
}
