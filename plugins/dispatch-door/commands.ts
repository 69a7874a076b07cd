import { type Command, defineCommand } from '#core/mqtt/commands.ts'
import type { Requests } from './requests.ts'
import { CallBack, Join, StageOfOrder, type Wishes } from './wishes.ts'

/** The same over MQTT, where the `id` of the command is its key. */
export function dispatchCommands(parts: { requests: Pick<Requests, 'accept'>; wishes: Wishes }): Command[] {
  const { requests, wishes } = parts
  const right = 'dispatch.tell'
  const asker = 'mqtt'
  return [
    defineCommand({
      name: 'order.tell-stage',
      about: 'An order moved to another stage.',
      right,
      schema: StageOfOrder,
      handler: (data, { id: key }) => requests.accept({ asker, key, wish: wishes.toStage(data) }),
    }),
    defineCommand({
      name: 'call-back.request',
      about: 'Call this client, about this order.',
      right,
      schema: CallBack,
      handler: (data, { id: key }) => requests.accept({ asker, key, wish: wishes.toCallBack(data) }),
    }),
    defineCommand({
      name: 'join.request',
      about: 'Join these two: call both and let them talk.',
      right,
      schema: Join,
      handler: (data, { id: key }) => requests.accept({ asker, key, wish: wishes.toJoin(data) }),
    }),
  ]
}
