/** What HTTP shows of the figures; what there is no data for is absent. */
import { Moment, oneOf, Type } from '#core/schema.ts'
import { countedEntries } from './figure-rows.ts'
import { serviceLevels } from './figures.ts'
import { steps } from './intervals.ts'
import { callResults } from './lost-calls.ts'

const Seconds = Type.Optional(Type.Number())
const Share = Type.Optional(Type.Number({ description: 'From 0 to 1; absent when there is no data.' }))
const Name = Type.Optional(Type.String({ minLength: 1, maxLength: 60 }))

const Period = { from: Moment, until: Moment }
const Stepped = {
  ...Period,
  step: Type.Optional(
    oneOf(steps, { description: 'Also by quarter of an hour, half an hour, hour or day of the site.' }),
  ),
}
const Limits = {
  inTime: Type.Integer({ minimum: 1, maximum: 3_600, default: 20, description: 'Seconds that are in time.' }),
  short: Type.Integer({
    minimum: 0,
    maximum: 60,
    default: 5,
    description: 'Who gives up sooner than that many seconds is not counted against us.',
  }),
  repeatWithin: Type.Integer({
    minimum: 1,
    maximum: 168,
    default: 24,
    description: 'Hours in which another call of the same number is a repeat.',
  }),
}
const Page = {
  limit: Type.Integer({ minimum: 1, maximum: 1_000, default: 100 }),
  offset: Type.Integer({ minimum: 0, maximum: 1_000_000, default: 0 }),
}

export const FiguresAsked = Type.Object({
  ...Stepped,
  ...Limits,
  queue: Name,
  definition: oneOf(serviceLevels, { default: 'default' }),
})
export const RowsAsked = Type.Object({
  ...Period,
  ...Limits,
  ...Page,
  queue: Name,
  operator: Name,
  outcome: Name,
  figure: oneOf(countedEntries, { default: 'offered' }),
})
export const OperatorsAsked = Type.Object({ ...Stepped, ...Limits, queue: Name })
export const TimesAsked = Type.Object({
  ...Period,
  ...Page,
  operator: Type.String({ minLength: 1, maxLength: 60 }),
})
export const LostAsked = Type.Object(Stepped)
export const CallsAsked = Type.Object({ ...Period, ...Page, result: Type.Optional(oneOf(callResults)) })

const figures = {
  offered: Type.Integer(),
  answered: Type.Integer(),
  abandoned: Type.Integer(),
  shortAbandons: Type.Integer(),
  outcomes: Type.Record(Type.String(), Type.Integer()),
  serviceLevel: Share,
  abandonRate: Share,
  abandonRateRaw: Share,
  averageAnswer: Seconds,
  median: Seconds,
  p90: Seconds,
  longest: Seconds,
  averageAbandon: Seconds,
  averageHandling: Seconds,
  medianHandling: Seconds,
  p90Handling: Seconds,
  averageTalk: Seconds,
  averageHold: Seconds,
  averageWrapUp: Seconds,
  transferRate: Share,
  repeatRate: Share,
  promises: Type.Object({ told: Type.Integer(), kept: Share }),
}
export const Figures = Type.Object({
  ...figures,
  definition: oneOf(serviceLevels),
  inTime: Type.Integer({ description: 'Seconds that count as in time.' }),
  intervals: Type.Optional(Type.Array(Type.Object({ ...Period, ...figures }))),
})

export const Times = Type.Object({
  ...Period,
  operator: Type.String(),
  ready: Type.Number(),
  ringing: Type.Number(),
  talking: Type.Number(),
  hold: Type.Number(),
  wrapUp: Type.Number(),
  notReady: Type.Number(),
  pauses: Type.Record(Type.String(), Type.Number()),
  occupancy: Share,
  utilisation: Share,
  offers: Type.Integer(),
  answered: Type.Integer(),
  unanswered: Type.Integer(),
  answerShare: Share,
  averageHandling: Seconds,
  transferRate: Share,
  repeatRate: Share,
  planned: Type.Number({ description: 'Seconds of his shift so far.' }),
  adherence: Share,
})

const ledger = {
  calls: Type.Integer(),
  results: Type.Record(Type.String(), Type.Integer()),
  recoveredShare: Share,
  containment: Share,
  orderConversion: Share,
}
export const Lost = Type.Object({
  ...ledger,
  intervals: Type.Optional(Type.Array(Type.Object({ ...Period, ...ledger }))),
})

export const EntryRows = Type.Array(
  Type.Object({
    entry: Type.String(),
    call: Type.String(),
    queue: Type.String(),
    phone: Type.Optional(Type.String()),
    enteredAt: Moment,
    leftAt: Moment,
    wait: Type.Number(),
    outcome: Type.String(),
    operator: Name,
    sentTo: Type.Optional(Type.String()),
    told: Type.Optional(Type.Number()),
  }),
)
export const CallRows = Type.Array(
  Type.Object({
    call: Type.String(),
    phone: Type.Optional(Type.String()),
    at: Moment,
    line: Type.String(),
    result: Type.String(),
  }),
)
export const TimeRows = Type.Array(
  Type.Object({
    operator: Type.String(),
    state: Type.String(),
    reason: Type.Optional(Type.String()),
    queue: Name,
    call: Type.Optional(Type.String()),
    from: Moment,
    until: Moment,
  }),
)

type WithData<Row> = {
  [Key in keyof Row as undefined extends Row[Key] ? never : Key]: Row[Key]
} & {
  [Key in keyof Row as undefined extends Row[Key] ? Key : never]?: Exclude<Row[Key], undefined>
}

export function withData<Row extends object>(row: Row): WithData<Row> {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined)) as WithData<Row>
}
