import type { CallView } from '../api.ts'
import { ended, found, resultShown } from '../board.ts'
import { moment, timer } from '../format.ts'
import { shownPhone } from '../phones.ts'
import { now } from '../time.ts'
import { counted, named, words } from '../words/words.ts'
import { CallerButton, Kind } from './caller.tsx'
import { Figure } from './figure.tsx'
import { type ShapeName, StateMark } from './shape.tsx'

const shapes: Record<string, ShapeName> = {
  answered: 'talking',
  self_served: 'conversing',
  lost: 'alarm',
  system: 'alarm',
}

/** Ended calls, or those of the number that was searched for. */
export function EndedCalls() {
  const say = words()
  const search = found.value
  const list = search === undefined ? ended.value : search === 'failed' ? [] : search.calls
  const result = resultShown.value
  const rows = list.filter((call) => result === undefined || call.result === result)
  const results = [...new Set(list.flatMap((call) => call.result ?? []))]
  const phone = typeof search === 'object' ? shownPhone(search.phone) : ''

  return (
    <section class="block" aria-labelledby="ended-heading">
      <div class="heading">
        <h2 id="ended-heading">{typeof search === 'object' ? say.found(phone) : say.ended}</h2>
        {list.length > 0 && (
          <div class="figures">
            <Figure
              count={list.length}
              isPressed={result === undefined}
              onPress={() => {
                resultShown.value = undefined
              }}
            >
              {counted(say.calls, list.length)}
            </Figure>
            {results.map((each) => (
              <Figure
                key={each}
                count={list.filter((call) => call.result === each).length}
                isPressed={result === each}
                onPress={() => {
                  resultShown.value = result === each ? undefined : each
                }}
              >
                <StateMark name={shapes[each] ?? 'ended'} word={named(say.results, each)} />
              </Figure>
            ))}
          </div>
        )}
      </div>
      <div class="sheet">
        {rows.length === 0 ? (
          <p class="empty" role={search === 'failed' ? 'alert' : undefined}>
            {emptiness(search, phone, result)}
          </p>
        ) : (
          <EndedTable rows={rows} />
        )}
      </div>
    </section>
  )
}

function emptiness(search: typeof found.value, phone: string, result: string | undefined): string {
  const say = words()
  if (search === 'failed') return say.search.failed
  if (result !== undefined) return say.noEndedOf(named(say.results, result))
  return search === undefined ? say.noEnded : say.noFound(phone)
}

function EndedTable({ rows }: { rows: readonly CallView[] }) {
  const { columns } = words()
  return (
    <table class="calls ended" aria-labelledby="ended-heading">
      <thead>
        <tr>
          <th scope="col" class="when-wide">
            {columns.result}
          </th>
          <th scope="col">{columns.caller}</th>
          <th scope="col" class="when-wide">
            {columns.kind}
          </th>
          <th scope="col" class="when-wide">
            {columns.line}
          </th>
          <th scope="col" class="number when-wide">
            {columns.length}
          </th>
          <th scope="col" class="number">
            {columns.ended}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((call) => (
          <EndedRow key={call.id} call={call} />
        ))}
      </tbody>
    </table>
  )
}

function EndedRow({ call }: { call: CallView }) {
  const say = words()
  const word = call.result === undefined ? say.steps[call.state] : named(say.results, call.result)
  const shape = call.state === 'ended' ? (shapes[call.result ?? ''] ?? 'ended') : call.state
  return (
    <tr class="row">
      <td class="when-wide">
        <StateMark name={shape} word={word} />
      </td>
      <td class="who">
        <CallerButton call={call} />
        <span class="under when-narrow">
          <StateMark name={shape} word={word} /> <Kind call={call} />
        </span>
      </td>
      <td class="when-wide">
        <Kind call={call} />
      </td>
      <td class="when-wide line">{call.line}</td>
      <td class="number when-wide">{timer((call.endedAt ?? now.value) - call.at)}</td>
      <td class="number when">{moment(call.endedAt ?? call.at, now.value)}</td>
    </tr>
  )
}
