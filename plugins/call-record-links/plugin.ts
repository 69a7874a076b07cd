import { schedule } from 'node-cron'
import { definePlugin } from '#core/plugin.ts'
import { openCourier } from './courier.ts'
import { type Link, openLedger } from './ledger.ts'
import { Settings } from './settings.ts'
import { migrations, type RecordLinkTables } from './tables.ts'
import { findTalk, recordedSince } from './talks.ts'

const day = 24 * 60 * 60 * 1000
/** After a restart, how far back recordings are looked for that nobody told us of; in milliseconds. */
const lookBack = 60 * 60 * 1000
const forgetAt = '35 4 * * *'

export const plugin = definePlugin({
  name: 'call-record-links',
  about:
    'Puts a link to each recorded talk on the card of the caller’s order, and asks until it is accepted.',
  settings: Settings,
  migrations,

  async start({ bus, cleanup, clock, database, dispatch, intents, journal, links, log, settings }) {
    if (!dispatch.capabilities.has('attachRecording')) {
      log.info('The dispatch program takes no recordings; none is sent')
      return
    }
    const ledger = openLedger(database.withTables<RecordLinkTables>())

    const attaching = intents.declare<{ link: string }, string>('recording.attach', {
      // Nobody can be asked what was attached: sent again under the same id, it is known for the same.
      find: async () => undefined,
      async perform({ link: id }, signal) {
        const link = await ledger.find(id)
        if (!link) throw new Error(`the link ${id} is forgotten`)
        return await dispatch.attachRecording(toRecordingLink(link), signal)
      },
    })

    const courier = openCourier({
      bus,
      cleanup,
      clock,
      dispatch,
      ledger,
      log,
      settings,
      findTalk: (recording) => findTalk(journal, recording),
      attach: ({ id, call }, signal) =>
        attaching.carryOut({ key: `recording.attach:${id}`, call, data: { link: id } }, signal),
    })

    function toRecordingLink({
      id,
      recording,
      phone,
      seconds,
      started_at,
      stored_at,
      made_at,
      operator,
      direction,
    }: Link) {
      const until = made_at + settings.linkDays * day
      const path = links.sign(`/api/plugins/recording/recordings/${recording}/sound`, until)
      const user = settings.logins[operator ?? '']
      return {
        id,
        phone: phone ?? '',
        file: settings.publicUrl + path,
        startedAt: started_at ?? stored_at,
        seconds,
        direction: direction ?? 'incoming',
        result: 'answered',
        ...(user !== undefined && { user }),
      } as const
    }

    bus.on('call.recorded', (recorded, { at }) => courier.take({ ...recorded, at }))
    bus.on('order.stage-changed', ({ order, from }) => {
      if (from === undefined) courier.appeared(order)
    })
    bus.on('connection.changed', ({ neighbour, state }) => {
      if (neighbour === 'dispatch' && state === 'connected') courier.hurry()
    })

    const forgetting = schedule(forgetAt, async () => {
      await ledger.forget(clock.now() - (settings.linkDays + 1) * day).catch((thrown: unknown) => {
        log.error({ err: thrown }, 'Old links of recordings could not be forgotten')
      })
    })
    cleanup.defer(() => forgetting.destroy())

    for (const recorded of await recordedSince(database, clock.now() - lookBack)) await courier.take(recorded)
    courier.hurry()
  },
})
