/** What is on the stage before anything is measured: the exchange, Taxi-Master, and the subjects. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AsteriskInstance } from '../test/asterisk/instance.ts'
import { apps, openExchange, writePrompts } from './exchange.ts'
import type { Subject as Name } from './numbers.ts'
import type { Plan } from './plan.ts'
import { type Program, startProgram } from './program.ts'
import { ringAt, type Subject } from './subject.ts'

export interface Stage extends AsyncDisposable {
  asterisk: AsteriskInstance
  subjects: Subject[]
}

export interface StageOptions {
  names: readonly Name[]
  tell: (line: string) => void
  /** Folder for CPU profiles. */
  profile?: string | undefined
}

export async function openStage(plan: Plan, { names, profile, tell }: StageOptions): Promise<Stage> {
  await using opening = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'callbus-bench-'))
  opening.defer(() => rm(folder, { recursive: true, force: true }))
  writePrompts(folder, plan.parallel.promptSeconds)
  await mkdir(join(folder, 'data'))

  const asterisk = opening.use(await openExchange(plan.parallel.calls + 200))
  tell(`Asterisk ${asterisk.version}`)
  const { ariUrl, password, user } = asterisk

  async function start(name: string, app: string, dispatch: object = {}) {
    const given = { ariUrl, user, password, app, media: 'sound:bench', folder, dispatch }
    return opening.use(await startProgram({ name, profile, given }))
  }
  const programs: Record<Name, () => Promise<Program | undefined>> = {
    dialplan: async () => undefined,
    ariClient: () => start('ari-client', apps.ariClient),
    bareAri: () => start('bare-ari', apps.bareAri),
    async callbus() {
      const dispatch = opening.use(await startProgram({ name: 'taxi-master', given: { folder } }))
      return await start('callbus', apps.callbus, dispatch.news)
    },
  }
  const subjects: Subject[] = []
  for (const name of names) subjects.push({ name, program: await programs[name]() })

  tell(`Warming up: ${plan.warmUp.calls} calls each`)
  for (const subject of subjects) await ringAt(subject, asterisk, { ...plan.warmUp, target: asterisk })

  const owned = opening.move()
  return { asterisk, subjects, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}
