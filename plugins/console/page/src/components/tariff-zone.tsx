import { may } from '../board.ts'
import { moment, percent } from '../format.ts'
import { refreshTariffs } from '../tariffs.ts'
import { tariffs as house, type Zone } from '../tariffs-api.ts'
import { now } from '../time.ts'
import { words } from '../words/words.ts'
import { Act, type Acts, Failure, useActs } from './acts.tsx'
import { StateMark } from './shape.tsx'
import { decider, TariffReason } from './tariff-reason.tsx'

/** How prices stand in a zone, and what a person decides instead of the rules. */
export function TariffZone({ zone }: { zone: Zone }) {
  const { locale, tariffs: say } = words()
  const acts = useActs()
  const heading = `zone-${zone.zone}`
  const { override } = zone
  const isByHand = override !== undefined && override.until > now.value
  const rise = zone.rise > 0 ? percent(zone.rise, locale) : say.usual
  return (
    <section class="sheet card" aria-labelledby={heading}>
      <div class="verbs">
        <h2 id={heading}>{zone.zone}</h2>
        <StateMark name={zone.rise > 0 ? 'ringing' : 'ready'} word={rise} />
        {zone.isLost && <StateMark name="alarm" word={say.lost} />}
      </div>
      <p>
        <TariffReason of={zone} />
      </p>
      {isByHand && (
        <div class="verbs">
          <p>{say.until({ who: decider(override.by), time: moment(override.until, now.value) })}</p>
          {may('tariffs.edit') && (
            <Act
              acts={acts}
              label={`${say.back}: ${zone.zone}`}
              does={() => house.endOverride(zone.zone).finally(refreshTariffs)}
            >
              {say.back}
            </Act>
          )}
        </div>
      )}
      {may('tariffs.edit') && <OverrideForm zone={zone.zone} acts={acts} />}
      <Failure acts={acts} />
    </section>
  )
}

function OverrideForm({ zone, acts }: { zone: string; acts: Acts }) {
  const say = words().tariffs.byHand
  async function submit(event: SubmitEvent) {
    event.preventDefault()
    const form = event.currentTarget as HTMLFormElement
    const filled = new FormData(form)
    const wish = {
      rise: Number(filled.get('rise')),
      minutes: Number(filled.get('minutes')),
      because: String(filled.get('because')).trim(),
    }
    if (await acts.act(() => house.override(zone, wish).finally(refreshTariffs))) form.reset()
  }
  return (
    <form onSubmit={submit}>
      <fieldset class="give-on">
        <legend>{say.legend(zone)}</legend>
        <label>
          {say.rise} <input name="rise" type="number" min={0} max={500} required />
        </label>
        <label>
          {say.minutes} <input name="minutes" type="number" min={1} max={10_080} defaultValue="60" required />
        </label>
        <label>
          {say.because} <input name="because" maxLength={300} pattern=".*\S.*" autocomplete="off" required />
        </label>
        <button type="submit" class="primary" aria-disabled={acts.isBusy}>
          {say.submit}
        </button>
      </fieldset>
    </form>
  )
}
