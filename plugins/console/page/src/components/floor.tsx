import { words } from '../words/words.ts'
import { queues } from '../work.ts'
import { OperatorTable } from './operator-table.tsx'
import { QueuePanel } from './queue-panel.tsx'
import { TalkTable } from './talk-table.tsx'

/** What a supervisor sees and does: who waits, who works, who talks. */
export function Floor() {
  const say = words()
  return (
    <section id="live" class="block floor" tabIndex={-1} aria-labelledby="floor-heading">
      <div class="heading">
        <h1 id="floor-heading">{say.views.floor}</h1>
      </div>
      <div class="floor-parts">
        {queues.value.map((queue) => (
          <QueuePanel key={queue.name} queue={queue} />
        ))}
        <OperatorTable />
        <TalkTable />
      </div>
    </section>
  )
}
