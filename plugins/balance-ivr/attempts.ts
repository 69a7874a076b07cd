import { randomUUID } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { Clock } from '#core/clock.ts'
import type { Claim } from '#core/ports/dispatch.ts'
import type { Moment, Phone } from '#core/schema.ts'
import type { Settings } from './settings.ts'
import type { BalanceTables } from './tables.ts'

/** Codes that were tried; each counts as wrong until it is known to be right, also over a hang-up or a kill. */
export interface Attempts {
  /** `undefined` when too many have failed. */
  begin(from: Phone | undefined, claim: Claim): Promise<Attempt | undefined>
  forget(before: Moment): Promise<void>
}

export interface Attempt {
  /** The code was right, or nobody could say whether it was. */
  takeBack(): Promise<void>
}

export function openAttempts(parts: {
  clock: Pick<Clock, 'now'>
  database: Kysely<BalanceTables>
  limits: Settings['attempts']
}): Attempts {
  const { clock, database, limits } = parts

  async function isTooMany(subject: string, limit: number): Promise<boolean> {
    const { count } = await database
      .selectFrom('balance_ivr_attempts')
      .select(({ fn }) => fn.countAll().as('count'))
      .where('subject', '=', subject)
      .where('at', '>', clock.now() - limits.within * 60_000)
      .executeTakeFirstOrThrow()
    return Number(count) > limit
  }

  return {
    async begin(from, claim) {
      const id = randomUUID()
      const takeBack = async () => {
        await database.deleteFrom('balance_ivr_attempts').where('id', '=', id).execute()
      }
      const subjects = [
        ...(from === undefined ? [] : [{ subject: `number ${from}`, limit: limits.perNumber }]),
        { subject: subjectOf(claim), limit: limits.perCode },
      ]
      // Written before it is counted: two who try at once see each other.
      await database
        .insertInto('balance_ivr_attempts')
        .values(subjects.map(({ subject }) => ({ id, subject, at: clock.now() })))
        .execute()
      const tooMany = await Promise.all(subjects.map(({ subject, limit }) => isTooMany(subject, limit)))
      if (!tooMany.includes(true)) return { takeBack }
      await takeBack()
      return undefined
    },

    async forget(before) {
      await database.deleteFrom('balance_ivr_attempts').where('at', '<', before).execute()
    },
  }
}

function subjectOf(claim: Claim): string {
  return 'callSign' in claim ? `driver ${claim.callSign}` : `client ${claim.login}`
}
