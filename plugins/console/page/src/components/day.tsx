import { timer } from '../format.ts'
import { words } from '../words/words.ts'
import { day } from '../work.ts'

/** The figures of his own day, up to his last call. */
export function Day() {
  const say = words().desk
  const his = day.value
  if (!his) return null
  const time = (seconds: number) => timer(seconds * 1000)
  const figures = [
    [say.day.answered, his.answered],
    [say.day.unanswered, his.unanswered],
    [say.day.averageHandling, his.averageHandling === undefined ? '—' : time(his.averageHandling)],
    [say.day.talking, time(his.talking + his.hold)],
    [say.day.wrapUp, time(his.wrapUp)],
    [say.day.ready, time(his.ready)],
    [say.day.notReady, time(his.notReady)],
    [say.day.occupancy, his.occupancy === undefined ? '—' : `${Math.round(his.occupancy * 100)} %`],
  ] as const
  return (
    <section class="sheet card" aria-labelledby="day-heading">
      <h2 id="day-heading">{say.day.heading}</h2>
      <dl class="day">
        {figures.map(([name, figure]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{figure}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
