import { useEffect } from 'preact/hooks'
import { refreshTariffs, tariffsNow } from '../tariffs.ts'
import { words } from '../words/words.ts'
import { TariffHistory } from './tariff-history.tsx'
import { TariffZone } from './tariff-zone.tsx'

/** The sky changes without a fact, and so does a change that waits for the dispatch program. */
const lookAgainAfter = 60_000

/** What prices are in each zone, by whose decision, and how they came to that. */
export function Tariffs() {
  const say = words()
  useEffect(() => {
    const looking = setInterval(refreshTariffs, lookAgainAfter)
    return () => clearInterval(looking)
  }, [])
  const { isOn, zones } = tariffsNow.value
  return (
    <section id="live" class="block tariffs" tabIndex={-1} aria-labelledby="tariffs-heading">
      <div class="heading">
        <h1 id="tariffs-heading">{say.views.tariffs}</h1>
      </div>
      <div class="floor-parts">
        {!isOn && <p class="banner is-ringing">{say.tariffs.off}</p>}
        {zones.map((zone) => (
          <TariffZone key={zone.zone} zone={zone} />
        ))}
        <TariffHistory />
      </div>
    </section>
  )
}
