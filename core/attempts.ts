/** Codes that callers try: how many may fail, kept over hang-ups and restarts, for every plugin that asks for one. */
import { randomUUID } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { Clock } from './clock.ts'
import type { CodeAttemptsTable } from './database/tables.ts'
import { type Phone, type Static, Type } from './schema.ts'

const longestWithin = 10_080
const minute = 60_000

const count = (usual: number, description: string) =>
  Type.Integer({ default: usual, minimum: 1, maximum: 1_000, description })

/** The settings of whoever asks for codes. */
export const AttemptLimits = (usual: { perCall: number }) =>
  Type.Object(
    {
      perCall: count(usual.perCall, 'Codes one caller may try.'),
      perNumber: count(6, 'Codes that may fail from one number …'),
      perCode: count(10, '… and for one call sign, login or card, from whatever numbers …'),
      within: Type.Integer({
        default: 60,
        minimum: 1,
        maximum: longestWithin,
        description: '… in so many minutes; then only an operator helps.',
      }),
    },
    { additionalProperties: false, default: {} },
  )
export type AttemptLimits = Static<ReturnType<typeof AttemptLimits>>

/** Each try counts as wrong until it is known to be right, also over a hang-up or a kill. */
export interface Attempts {
  /** Of a code for a subject such as `client 1001`; `undefined` when too many have failed. */
  begin(from: Phone | undefined, subject: string): Promise<Attempt | undefined>
  /** Removes those that count nowhere any more. */
  forget(): Promise<void>
}

export interface Attempt {
  /** The code was right, or nobody could say whether it was. */
  takeBack(): Promise<void>
}

export function openAttempts(parts: {
  clock: Pick<Clock, 'now'>
  database: Kysely<{ code_attempts: CodeAttemptsTable }>
  limits: AttemptLimits
}): Attempts {
  const { clock, database, limits } = parts

  async function isTooMany(subject: string, limit: number): Promise<boolean> {
    const { count } = await database
      .selectFrom('code_attempts')
      .select(({ fn }) => fn.countAll().as('count'))
      .where('subject', '=', subject)
      .where('at', '>', clock.now() - limits.within * minute)
      .executeTakeFirstOrThrow()
    return Number(count) > limit
  }

  return {
    async begin(from, subject) {
      const id = randomUUID()
      const takeBack = async () => {
        await database.deleteFrom('code_attempts').where('id', '=', id).execute()
      }
      const subjects = [
        ...(from === undefined ? [] : [{ subject: `number ${from}`, limit: limits.perNumber }]),
        { subject, limit: limits.perCode },
      ]
      // Written before it is counted: two who try at once see each other.
      await database
        .insertInto('code_attempts')
        .values(subjects.map(({ subject }) => ({ id, subject, at: clock.now() })))
        .execute()
      const tooMany = await Promise.all(subjects.map(({ subject, limit }) => isTooMany(subject, limit)))
      if (!tooMany.includes(true)) return { takeBack }
      await takeBack()
      return undefined
    },

    async forget() {
      const before = clock.now() - longestWithin * minute
      await database.deleteFrom('code_attempts').where('at', '<', before).execute()
    },
  }
}
