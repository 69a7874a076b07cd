/** Those responsible for `weather` are told what the tariffs suffer from. */
import type { Logger } from 'pino'
import type { Clock } from '#core/clock.ts'
import { reasonOf } from '#core/errors.ts'
import type { Services } from '#core/plugin.ts'
import type { Moment } from '#core/schema.ts'
import type { Change } from './book.ts'

export type Alarms = ReturnType<typeof openAlarms>

/** A dispatch program may be away so long, in milliseconds, before somebody has to look at its tariffs. */
const patience = 5 * 60_000

export function openAlarms({
  clock,
  log,
  messages,
}: {
  clock: Clock
  log: Logger
  messages: Services['messages']
}) {
  function tell(id: string, subject: string, text: string, because: string) {
    messages
      .tell({ id: `weather/${id}`, to: 'responsible', about: 'weather', subject, text, because })
      .catch((thrown: unknown) => {
        log.error({ reason: reasonOf(thrown) }, 'Nobody could be told of the weather')
      })
  }

  return {
    /** The same loss is told once, also over a restart. */
    lost(zone: string, because: string, since: Moment | undefined) {
      const text = `Nobody tells the weather of ${zone}: ${because}. The usual tariff holds until somebody does.`
      tell(
        `${zone}/${since ?? `never ${clock.now()}`}/lost`,
        `The weather of ${zone} is not known`,
        text,
        because,
      )
    },

    found(zone: string) {
      const text = `The weather of ${zone} is known again; its rules count.`
      tell(
        `${zone}/${clock.now()}/found`,
        `The weather of ${zone} is known again`,
        text,
        'a provider answers',
      )
    },

    /** Once for each change, however often it is tried. */
    undone({ at, id, zone, rise }: Change, because: string) {
      if (clock.now() - at < patience) return
      const tariff = rise > 0 ? `+${rise} %` : 'the usual one'
      const text = `The tariff of ${zone} ought to be ${tariff}, but the dispatch program has not taken that: ${because}. It is tried again each minute; until then look at its tariffs yourself.`
      tell(`change/${id}/undone`, `The tariff of ${zone} is not what it ought to be`, text, because)
    },
  }
}
