import { CallId, LegId, OrderId, oneOf, Phone, Type } from '../schema.ts'
import { Because, By, type Fact, fact } from './fact.ts'

/** What somebody is in a call beside the client and his partner. */
const Attendance = oneOf(['consulted', 'conference', 'listen', 'whisper', 'barge'])

/** What happens to a call. */
export const callFacts = {
  'call.offered': fact('A caller reached one of our lines.', {
    call: CallId,
    leg: LegId,
    from: Type.Optional(Phone),
    to: Type.String(),
    line: Type.String(),
    again: Type.Optional(Type.Boolean({ description: 'Taken over after a restart, not a new ring.' })),
  }),
  'call.placed': fact('We rang somebody in the name of one of our lines.', {
    call: CallId,
    leg: LegId,
    to: Phone,
    line: Type.String(),
    place: Type.String({ description: 'Where whoever answers is received.' }),
    about: Type.Record(Type.String(), Type.String()),
    because: Because,
    again: Type.Optional(Type.Boolean({ description: 'Taken over after a restart, not a new ring.' })),
  }),
  'call.routed': fact('A phone is rung by one of our outside lines.', {
    call: CallId,
    leg: LegId,
    trunk: Type.String(),
    because: Because,
  }),
  'call.identified': fact('The dispatch program said who is calling, or could not say in time.', {
    call: CallId,
    kind: Type.String(),
    lookedUp: Type.Boolean(),
    order: Type.Optional(OrderId),
    because: Type.Optional(Because),
  }),
  'call.screened': fact('A plugin gave its verdict on the call.', {
    call: CallId,
    by: By,
    verdict: Type.String(),
    because: Type.Optional(Because),
  }),
  'call.answered': fact('The call was picked up: by us or, when we rang, by whom we rang.', { call: CallId }),
  'call.conversing': fact('A conversation with the caller began.', { call: CallId, by: By }),
  'call.told': fact('The caller was told something.', {
    call: CallId,
    saying: Type.String(),
    text: Type.String(),
    heard: Type.Boolean({ description: 'False when cut short by a key or a hang-up.' }),
  }),
  'call.key-pressed': fact('The caller pressed a key.', { call: CallId, key: Type.String() }),
  'call.chosen': fact('The caller chose something that whoever serves him goes by.', {
    call: CallId,
    what: Type.Record(Type.String(), Type.String()),
  }),
  'call.waiting': fact('The caller began to wait for a person.', {
    call: CallId,
    place: Type.String(),
    priority: Type.Number(),
    because: Type.Optional(Because),
  }),
  'call.operator-rung': fact('An operator phone was rung for the call.', {
    call: CallId,
    leg: LegId,
    operator: Type.String(),
    again: Type.Optional(Type.Boolean({ description: 'It rings on after a restart, it was not rung anew.' })),
    insteadOf: Type.Optional({ ...LegId, description: 'The leg that rang there until now.' }),
    by: Type.Optional(Type.String({ description: 'Who has the phone answer by itself.' })),
  }),
  'call.operator-missed': fact('The rung operator phone did not take the call.', {
    call: CallId,
    leg: LegId,
    operator: Type.String(),
    outcome: Type.String(),
  }),
  'call.talking': fact('Caller and partner were joined and hear each other.', {
    call: CallId,
    talk: Type.String(),
    leg: LegId,
    with: Type.String(),
    again: Type.Optional(Type.Boolean({ description: 'Found in progress after a restart.' })),
  }),
  'call.talk-ended': fact('The talk was over.', {
    call: CallId,
    talk: Type.String(),
    with: Type.String(),
    because: Because,
  }),
  'call.held': fact('The client was put on hold and hears music; the talk goes on without him.', {
    call: CallId,
    talk: Type.String(),
    with: Type.String({ description: 'Who put him there.' }),
    by: By,
    since: Type.Optional(Type.Integer({ description: 'When it began, of a hold that outlived a restart.' })),
  }),
  'call.unheld': fact('The hold ended, with the talk at the latest.', {
    call: CallId,
    talk: Type.String(),
    with: Type.String(),
    seconds: Type.Number({ description: 'How long he was on hold.' }),
  }),
  'call.joined': fact(
    'Somebody beside the client and his partner is on the line now, or is it in another way.',
    {
      call: CallId,
      talk: Type.String(),
      leg: LegId,
      phone: Type.String(),
      as: Attendance,
      by: By,
    },
  ),
  'call.left': fact(
    'Who was on the line beside the two is not any more. Who becomes the partner instead is told by `call.talking` alone.',
    { call: CallId, talk: Type.String(), leg: LegId, phone: Type.String(), as: Attendance },
  ),
  'call.transferred': fact('The client was given to another person or place.', {
    call: CallId,
    from: Type.String({ description: 'The phone of the partner of before.' }),
    to: Type.String(),
    how: oneOf(['blind', 'warm', 'take-over', 'left']),
    by: By,
  }),
  'call.parked': fact('The client waits in a numbered slot for whoever picks him up.', {
    call: CallId,
    slot: Type.Integer(),
    from: Type.String(),
    by: By,
  }),
  'call.picked-up': fact('A parked client was taken out of his slot.', {
    call: CallId,
    slot: Type.Integer(),
    phone: Type.String(),
    by: By,
  }),
  'call.noted': fact('Somebody wrote something down about the call, during it or later.', {
    call: CallId,
    text: Type.String({ maxLength: 1_000 }),
    by: By,
  }),
  'call.about-order': fact('It became known which order the call is about.', {
    call: CallId,
    order: OrderId,
    by: By,
  }),
  'call.recording-started': fact('Recording of the talk began.', { call: CallId, recording: Type.String() }),
  'call.recorded': fact('A recording of the talk was stored.', {
    call: CallId,
    recording: Type.String(),
    seconds: Type.Number(),
  }),
  'call.recording-linked': fact('The dispatch program was given the way to a recording.', {
    call: CallId,
    recording: Type.String(),
    link: Type.String({ description: 'What it is called there.' }),
    order: Type.Optional(OrderId),
  }),
  'call.served': fact('The caller got what he called for without a person.', {
    call: CallId,
    because: Because,
  }),
  'call.failed': fact('Something of ours broke during the call; the caller was led on.', {
    call: CallId,
    by: By,
    code: Type.String(),
    because: Because,
  }),
  'call.ended': fact('The last party hung up or was released.', {
    call: CallId,
    result: Type.String(),
    because: Because,
  }),
} satisfies Record<string, Fact>
