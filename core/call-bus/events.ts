/**
 * The vocabulary of the house. A fact is past tense, plain data, and asks for nothing. The schema is the
 * type, the MQTT payload, the journal row and the documentation.
 */
import { CallId, Moment, OrderId, Phone, type Static, Type } from '../schema.ts'
import { callFacts } from './call-facts.ts'
import { Because, By, type Fact, fact } from './fact.ts'

/** One stay of one call in one queue. */
const EntryId = Type.String({ minLength: 1, maxLength: 64 })
const Request = Type.String({
  minLength: 1,
  maxLength: 200,
  description:
    'Names this one request for ever: act on it under this key, since a restart may tell it again.',
})

export const facts = {
  ...callFacts,
  'trunk.changed': fact('An outside line failed or works again.', {
    trunk: Type.String(),
    state: Type.Union([Type.Literal('up'), Type.Literal('down')]),
    because: Because,
  }),
  'queue.entered': fact('A caller entered a queue.', {
    call: CallId,
    entry: EntryId,
    queue: Type.String(),
    position: Type.Integer(),
    priority: Type.Number(),
    again: Type.Optional(Type.Boolean({ description: 'His place was kept over a restart.' })),
  }),
  'queue.offered': fact('An operator was offered a waiting caller.', {
    call: CallId,
    entry: EntryId,
    queue: Type.String(),
    operator: Type.String(),
    extension: Type.String(),
  }),
  'queue.given': fact('A supervisor lets a waiting caller wait for one operator alone, for a time.', {
    call: CallId,
    entry: EntryId,
    queue: Type.String(),
    operator: Type.String(),
    seconds: Type.Integer(),
    by: By,
  }),
  'queue.left': fact('A stay in a queue ended, in exactly one way.', {
    call: CallId,
    entry: EntryId,
    queue: Type.String(),
    outcome: Type.String(),
    seconds: Type.Number({ description: 'How long he waited here.' }),
    operator: Type.Optional(Type.String()),
    to: Type.Optional(Type.String({ description: 'Where he was sent.' })),
    because: Type.Optional(Because),
  }),
  'queue.call-back-asked': fact('A caller hung up and keeps his place: he will be called back.', {
    call: Type.Optional(CallId),
    callBack: EntryId,
    queue: Type.String(),
    phone: Phone,
    arrivedAt: Moment,
    promisedAt: Moment,
    by: By,
  }),
  'queue.call-back-closed': fact('A call-back ended, in exactly one way.', {
    call: Type.Optional(CallId),
    callBack: EntryId,
    queue: Type.String(),
    result: Type.String({
      description:
        '`joined`, `failed`, `expired`, `cancelled` or `called_in`: he rang by himself and kept his place.',
    }),
    because: Because,
    attempts: Type.Integer({ description: 'How often his phone was rung.' }),
    seconds: Type.Number({ description: 'Since he asked for it.' }),
    operator: Type.Optional(Type.String()),
  }),
  'operator.changed': fact('An operator does something else now.', {
    operator: Type.String(),
    user: Type.Optional(Type.String({ description: 'The name under which he signs in here.' })),
    state: Type.String(),
    reason: Type.Optional(Type.String({ maxLength: 200 })),
    extension: Type.Optional(Type.String()),
    call: Type.Optional(CallId),
  }),
  'queue.strategy-changed': fact('A queue offers its calls in another way, from the next call on.', {
    queue: Type.String(),
    strategy: Type.String(),
    by: By,
  }),
  'complaint.taken': fact('Somebody left a complaint, and those responsible are told.', {
    call: CallId,
    complaint: Type.String(),
    order: Type.Optional(OrderId),
    seconds: Type.Optional(Type.Number({ description: 'Absent when its recording was lost.' })),
  }),
  'complaint.answered': fact('Somebody responsible has dealt with a complaint.', {
    call: CallId,
    complaint: Type.String(),
    by: By,
  }),
  'quality.client-called': fact('A try to ask a client how his trip was came to its end.', {
    order: Type.Optional(OrderId),
    call: Type.Optional(CallId),
    attempt: Type.Integer({ description: '0 when nobody was rung.' }),
    result: Type.String(),
    because: Type.Optional(Because),
    nextAt: Type.Optional(Moment),
  }),
  'quality.marked': fact('A client gave a mark by key.', {
    call: CallId,
    order: Type.Optional(OrderId),
    subject: Type.String({ description: '`driver` or `dispatcher`.' }),
    who: Type.String({ description: 'The driver’s phone or plate; the operator’s id or extension.' }),
    mark: Type.Integer({ description: '1 to 5, 5 being the best.' }),
  }),
  'order.cancelled': fact('An order was cancelled through us.', {
    call: Type.Optional(CallId),
    order: OrderId,
    by: By,
  }),
  'order.stage-changed': fact(
    'An order moved to another stage or, within one, to another state of the dispatch program’s own.',
    {
      order: OrderId,
      stage: Type.String(),
      stateName: Type.String(),
      from: Type.Optional(Type.String()),
      endedAt: Type.Optional({
        ...Moment,
        description: 'When it ended, where that is known: long ago, when nobody watched meanwhile.',
      }),
      phone: Type.Optional(Phone),
      minutes: Type.Optional(Type.Number({ description: 'Until the car is at the pickup.' })),
      car: Type.Optional(
        Type.Object({
          colour: Type.Optional(Type.String()),
          make: Type.Optional(Type.String()),
          plate: Type.Optional(Type.String()),
        }),
      ),
      request: Type.Optional(Request),
    },
  ),
  'order.client-called': fact('A try to tell somebody how his order stands came to its end.', {
    order: Type.Optional(OrderId),
    call: Type.Optional(CallId),
    rule: Type.String(),
    attempt: Type.Integer({ description: '0 when nobody was rung.' }),
    result: Type.String(),
    because: Type.Optional(Because),
    by: By,
    nextAt: Type.Optional(Moment),
  }),
  'callback.requested': fact('The dispatch program wants somebody called about an order.', {
    request: Request,
    phone: Phone,
    order: Type.Optional(OrderId),
    script: Type.String({ maxLength: 200 }),
    action: Type.Optional(Type.String({ maxLength: 200 })),
    parameters: Type.Array(Type.String({ maxLength: 200 }), { maxItems: 10 }),
  }),
  'join.requested': fact('The dispatch program wants two people joined.', {
    request: Request,
    phones: Type.Tuple([Phone, Phone]),
    order: Type.Optional(OrderId),
    parameters: Type.Array(Type.String({ maxLength: 200 }), { maxItems: 10 }),
  }),
  'tariff.changed': fact(
    'The weather or a person put the mark-up of a zone up or down; 0 is the usual tariff.',
    {
      zone: Type.String(),
      rise: Type.Number({ description: 'Percent from now on.' }),
      before: Type.Number({ description: 'Percent until now.' }),
      rules: Type.Array(Type.String(), { description: 'Names of the weather rules that hold.' }),
      because: Because,
      by: By,
    },
  ),
  'weather.lost': fact('No weather has come for too long; the usual tariff holds until it is back.', {
    zone: Type.String(),
    since: Type.Optional(Moment),
    because: Because,
  }),
  'weather.found': fact('The weather of a zone is known again.', { zone: Type.String() }),
  'number-list.changed': fact('A number entered or left a number list.', {
    list: Type.String(),
    phone: Phone,
    change: Type.Union([Type.Literal('added'), Type.Literal('removed'), Type.Literal('changed')]),
    by: By,
  }),
  'connection.changed': fact('The connection to a neighbour came or went.', {
    neighbour: Type.String(),
    state: Type.Union([Type.Literal('connecting'), Type.Literal('connected'), Type.Literal('lost')]),
    because: Type.Optional(Because),
  }),
  'alarm.began': fact('Something is not as it should be: a limit of the settings was passed.', {
    alarm: Type.String({ maxLength: 200, description: 'The same until it is over.' }),
    kind: Type.String(),
    since: Moment,
    limit: Type.Number({ description: 'What was passed, in seconds; of unanswered rings their number.' }),
    isTold: Type.Boolean({ description: 'Whether responsible people were told.' }),
    queue: Type.Optional(Type.String()),
    operator: Type.Optional(Type.String()),
    line: Type.Optional(Type.String()),
    concerns: Type.Optional(CallId),
  }),
  'alarm.ended': fact('What was not as it should be is over.', {
    alarm: Type.String({ maxLength: 200 }),
    kind: Type.String(),
    since: Moment,
    seconds: Type.Number(),
  }),
  'message.delivered': fact('Somebody was told something; his mail server or program took it.', {
    message: Type.String({ maxLength: 200 }),
    about: Type.String(),
    person: Type.String(),
    way: Type.String(),
  }),
  'message.lost': fact('Somebody could not be told something, and it is not tried any more.', {
    message: Type.String({ maxLength: 200 }),
    about: Type.String(),
    person: Type.String(),
    way: Type.String(),
    because: Because,
  }),
  'plugin.failed': fact('A plugin did not start; the rest of the house is open.', {
    plugin: Type.String(),
    code: Type.String(),
    because: Because,
  }),
} satisfies Record<string, Fact>

export type Facts = typeof facts
export type FactName = keyof Facts
export type FactData<Name extends FactName> = Static<Facts[Name]['shape']>

/** Facts that never speak of a call, such as moves of orders. */
export type FactOfNoCall = {
  [Name in FactName]: 'call' extends keyof FactData<Name> ? never : Name
}[FactName]

/** A fact as it travels: to listeners, to the journal, to MQTT and to the event stream. */
export type Stamped<Name extends FactName = FactName> = {
  [Each in Name]: { id: number; at: number; name: Each; data: FactData<Each> }
}[Name]
