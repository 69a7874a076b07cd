/** The story of a call as a dispatch program asks about it. Pure. */
import type { FactName, Stamped } from '#core/call-bus/events.ts'
import { Moment, Type } from '#core/schema.ts'

export const Pressed = Type.Object({ key: Type.String(), at: Moment })
export const Heard = Type.Object({
  text: Type.String(),
  at: Moment,
  toTheEnd: Type.Boolean({ description: 'False when cut short by a key or a hang-up.' }),
})
export const Talk = Type.Object({
  with: Type.String(),
  at: Moment,
  endedAt: Type.Optional(Moment),
})
export const Recording = Type.Object({
  id: Type.String(),
  at: Moment,
  seconds: Type.Number(),
  sound: Type.String({ description: 'Where the WAV is, at this house.' }),
})

export function pressedIn(story: readonly Stamped[]) {
  return named(story, 'call.key-pressed').map(({ at, data: { key } }) => ({ key, at }))
}

export function heardIn(story: readonly Stamped[]) {
  return named(story, 'call.told').map(({ at, data: { heard, text } }) => ({ text, at, toTheEnd: heard }))
}

export function talksIn(story: readonly Stamped[]) {
  const ends = named(story, 'call.talk-ended')
  return named(story, 'call.talking').map(({ at, data }) => {
    const endedAt = ends.find(({ data: { talk } }) => talk === data.talk)?.at
    return { with: data.with, at, ...(endedAt !== undefined && { endedAt }) }
  })
}

export function recordingsIn(story: readonly Stamped[]) {
  return named(story, 'call.recorded').map(({ at, data: { recording, seconds } }) => ({
    id: recording,
    at,
    seconds,
    sound: `/api/plugins/recording/recordings/${recording}/sound`,
  }))
}

function named<Name extends FactName>(story: readonly Stamped[], name: Name) {
  return story.filter((fact): fact is Extract<Stamped, { name: Name }> => fact.name === name)
}
