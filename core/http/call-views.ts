/** Calls as people and programs see them, phones only for who may. */
import type { FactData, Stamped } from '../call-bus/events.ts'
import type { JournalReader } from '../database/journal.ts'
import type { CallRow } from '../database/tables.ts'
import { CallbusError } from '../errors.ts'
import { maskedCopy } from '../masking.ts'
import type { Phones } from '../phones.ts'
import { OrderId, type Static, Type } from '../schema.ts'
import type { Identity } from '../users/users.ts'

const Moment = Type.Integer({ description: 'Milliseconds since 1970 UTC.' })

export const CallView = Type.Object({
  id: Type.String(),
  direction: Type.Union([Type.Literal('in'), Type.Literal('out')], {
    description: '`out`: we rang; `from` is whom, `to` the line in whose name.',
  }),
  from: Type.Optional(Type.String()),
  to: Type.String(),
  line: Type.String(),
  language: Type.String(),
  at: Moment,
  answeredAt: Type.Optional(Moment),
  talkingAt: Type.Optional(Moment),
  endedAt: Type.Optional(Moment),
  state: Type.String(),
  since: Type.Integer({ description: 'When this state began.' }),
  with: Type.Optional(Type.String({ description: 'The plugin, the place or the operator of this state.' })),
  priority: Type.Number(),
  kind: Type.Optional(Type.String({ description: 'What the dispatch program said of the caller.' })),
  order: Type.Optional(OrderId),
  result: Type.Optional(Type.String()),
  because: Type.Optional(Type.String()),
})
export type CallView = Static<typeof CallView>

export const FactView = Type.Object({
  id: Type.Integer(),
  at: Moment,
  name: Type.String(),
  data: Type.Unknown(),
})
export const Story = Type.Object({ call: CallView, facts: Type.Array(FactView) })

/** Where a page ends and the next begins. */
const cursor = '^[0-9]{1,15}\\.[^ ]{1,64}$'

export const CallsAsked = Type.Object({
  live: Type.Optional(
    Type.Boolean({ description: '`true`: of this moment; `false`: ended; without: both.' }),
  ),
  phone: Type.Optional(Type.String({ maxLength: 20, description: 'As people write it.' })),
  before: Type.Optional(Type.String({ pattern: cursor, description: '`next` of the page before.' })),
  limit: Type.Integer({ minimum: 1, maximum: 500, default: 50 }),
})

export const CallList = Type.Object({ calls: Type.Array(CallView), next: Type.Optional(Type.String()) })

export interface CallViews {
  list(asked: Static<typeof CallsAsked>, who: Identity): Promise<Static<typeof CallList>>
  /** Rejects with NOT_FOUND. */
  story(id: string, who: Identity): Promise<{ call: CallView; facts: Stamped[] }>
}

export function openCallViews({
  calls,
  journal,
  phones,
}: {
  calls: { live(): readonly { id: string }[] }
  journal: JournalReader
  phones: Pick<Phones, 'toE164'>
}): CallViews {
  function toE164(phone: string): string {
    // A plus that nobody encoded arrives as a space.
    const plain = phone.replace(/^ /, '+')
    return phones.toE164(plain) ?? plain
  }

  /** Just after a restart the journal still holds calls that nobody has taken over yet. */
  function onlyLive(rows: CallRow[]): CallRow[] {
    const alive = new Set(calls.live().map(({ id }) => id))
    return rows.filter(({ id }) => alive.has(id))
  }

  async function toViews(rows: CallRow[]): Promise<CallView[]> {
    const identified = await journal.factsOf(
      rows.map(({ id }) => id),
      'call.identified',
    )
    const known = new Map(identified.map(({ data }) => [data.call, data]))
    return rows.map((row) => toView(row, known.get(row.id)))
  }

  return {
    async list({ live, phone, before, limit }, who) {
      if (phone !== undefined && !who.rights.has('phones.read')) {
        throw new CallbusError('RIGHT_MISSING', { right: 'phones.read' })
      }
      const rows = await journal.findCalls({
        limit,
        ...(live !== undefined && { live }),
        ...(phone !== undefined && { phone: toE164(phone) }),
        ...(before !== undefined && { before: fromCursor(before) }),
      })
      const last = rows.length === limit ? rows.at(-1) : undefined
      return {
        calls: shown(await toViews(live ? onlyLive(rows) : rows), who),
        ...(last && { next: `${last.at}.${last.id}` }),
      }
    },

    async story(id, who) {
      const row = await journal.findCall(id)
      const [call] = row ? await toViews([row]) : []
      if (!call) throw new CallbusError('NOT_FOUND', { what: 'call of this id' })
      return shown({ call, facts: await journal.storyOf(id) }, who)
    },
  }
}

function shown<Answer>(answer: Answer, who: Identity): Answer {
  return who.rights.has('phones.read') ? answer : maskedCopy(answer)
}

function fromCursor(text: string): { at: number; id: string } {
  const dot = text.indexOf('.')
  return { at: Number(text.slice(0, dot)), id: text.slice(dot + 1) }
}

function toView(row: CallRow, identified: FactData<'call.identified'> | undefined): CallView {
  const { kind, order } = identified ?? {}
  return {
    id: row.id,
    direction: row.errand === null ? 'in' : 'out',
    ...(row.from_phone !== null && { from: row.from_phone }),
    to: row.to_number,
    line: row.line,
    language: row.language,
    at: row.at,
    ...(row.answered_at !== null && { answeredAt: row.answered_at }),
    ...(row.talking_at !== null && { talkingAt: row.talking_at }),
    ...(row.ended_at !== null && { endedAt: row.ended_at }),
    state: row.state,
    since: row.state_since,
    ...(row.phase_with !== null && { with: row.phase_with }),
    priority: row.priority,
    ...(kind !== undefined && { kind }),
    ...(order !== undefined && { order }),
    ...(row.ended_at !== null && row.result !== null && { result: row.result }),
    ...(row.because !== null && { because: row.because }),
  }
}
