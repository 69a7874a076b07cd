import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { schedule } from 'node-cron'
import { definePlugin } from '#core/plugin.ts'
import { openRecordings } from './recordings.ts'
import { recordingRoutes } from './routes.ts'
import { Settings } from './settings.ts'
import { migrations, type RecordingTables } from './tables.ts'

export const plugin = definePlugin({
  name: 'recording',
  about:
    'Records each talk from the operator’s answer, both sides apart, and links it in the story of the call.',
  settings: Settings,
  migrations,

  async start({ bus, calls, cleanup, clock, database, http, log, settings, site }) {
    const folder = join(site.dataFolder, 'recordings')
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const recordings = openRecordings({
      bus,
      calls,
      cleanup,
      clock,
      database: database.withTables<RecordingTables>(),
      folder,
      log,
      timeZone: site.timeZone,
    })

    bus.on('call.talking', (talk) => recordings.begin(talk))
    bus.on('call.talk-ended', ({ call }) => recordings.end(call))
    bus.on('call.ended', ({ call }) => recordings.end(call))
    cleanup.defer(calls.onRecordingFinished((recording) => noted(recordings.take(recording))))
    cleanup.defer(calls.onRecovered(() => noted(recordings.recover())))

    const pruning = schedule(settings.pruneAt, () => noted(recordings.prune(settings.keepDays)), {
      timezone: site.timeZone,
    })
    cleanup.defer(() => pruning.destroy())

    http.register(recordingRoutes({ folder, recordings }))

    function noted(work: Promise<unknown>): void {
      work.catch((thrown: unknown) => log.error({ err: thrown }, 'Recordings could not be looked after'))
    }
  },
})
