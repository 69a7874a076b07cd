import { Type } from '#core/plugin.ts'

export const Settings = Type.Object({
  waitLimit: Type.Integer({
    title: 'Longest wait',
    description:
      'Seconds a caller may wait for a person; the timer turns amber at three quarters of it and red at it.',
    default: 45,
    minimum: 5,
    maximum: 3600,
  }),
})
