import { moment, percent } from '../format.ts'
import { effectOf } from '../tariff-history.ts'
import { changes, hasOlder, showOlder } from '../tariffs.ts'
import type { Change } from '../tariffs-api.ts'
import { now } from '../time.ts'
import { words } from '../words/words.ts'
import { Act, Failure, useActs } from './acts.tsx'
import { type ShapeName, StateMark } from './shape.tsx'
import { decider, TariffReason } from './tariff-reason.tsx'

/** Every change of a price with its reason, the latest first. */
export function TariffHistory() {
  const say = words().tariffs
  const acts = useActs()
  const rows = changes.value
  if (!rows) return null
  return (
    <section class="sheet" aria-labelledby="tariff-history">
      <div class="panel-heading">
        <h2 id="tariff-history">{say.history}</h2>
      </div>
      {rows.length === 0 ? (
        <p class="empty">{say.none}</p>
      ) : (
        <table class="calls" aria-labelledby="tariff-history">
          <thead>
            <tr>
              <th scope="col">{say.when}</th>
              <th scope="col">{say.where}</th>
              <th scope="col">{say.change}</th>
              <th scope="col">{say.why}</th>
              <th scope="col">{say.who}</th>
              <th scope="col">{say.effect}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((change) => (
              <Row key={change.id} change={change} />
            ))}
          </tbody>
        </table>
      )}
      <Failure acts={acts} />
      {hasOlder.value && (
        <p class="empty">
          <Act acts={acts} does={showOlder}>
            {say.older}
          </Act>
        </p>
      )}
    </section>
  )
}

function Row({ change }: { change: Change }) {
  const { locale, tariffs: say } = words()
  const isUp = change.rise > change.before
  const effect = effectOf(change, changes.value ?? [])
  return (
    <tr>
      <td class="who when">{moment(change.at, now.value)}</td>
      <td>{change.zone}</td>
      <td class="who">
        <StateMark name={isUp ? 'ringing' : 'ready'} word={isUp ? say.up : say.down} />{' '}
        {percent(change.before, locale)} → <b>{percent(change.rise, locale)}</b>
      </td>
      <td>
        <TariffReason of={change} />
      </td>
      <td>{decider(change.by)}</td>
      <td>
        <StateMark name={effectShapes[effect]} word={say.effects[effect]} />
      </td>
    </tr>
  )
}

const effectShapes = {
  done: 'ready',
  waiting: 'alarm',
  overtaken: 'ended',
} as const satisfies Record<ReturnType<typeof effectOf>, ShapeName>
