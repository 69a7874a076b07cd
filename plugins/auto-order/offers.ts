/** Which addresses a caller is offered, before he has said a word. */
import type { Logger } from 'pino'
import { withDeadline } from '#core/asking/deadline.ts'
import type { Clock } from '#core/clock.ts'
import { reasonOf } from '#core/errors.ts'
import { asKept, type Phones } from '#core/phones.ts'
import type { Call } from '#core/plugin.ts'
import type { Dispatch, OrderDraft, Place } from '#core/ports/dispatch.ts'
import type { Phone } from '#core/schema.ts'
import type { Drafts } from './drafts.ts'
import type { Settings } from './settings.ts'

/** A door a car can be sent to, with what else stands in the order. */
export interface Offer extends Pick<OrderDraft, 'passenger' | 'tariffId' | 'carGroupId' | 'clientId'> {
  place: Place
}

export interface Offers {
  offers: Offer[]
  because: string
}

/** Milliseconds the dispatch program has to say where somebody lives; the caller hears ringing. */
const patience = 1_000
/** More than these nobody remembers while he listens. */
const mostOffers = 5

export function openOffers(parts: {
  clock: Clock
  dispatch: Dispatch
  drafts: Drafts
  log: Logger
  phones: Phones
  settings: Settings
}) {
  const { clock, dispatch, drafts, log, phones, settings } = parts
  const venues = new Map(settings.venues.map((venue) => [asKept(venue.phone, phones), toOffer(venue)]))

  async function known(call: Call, phone: Phone): Promise<Offers | undefined> {
    if (!dispatch.capabilities.has('pickupsOf') || !(settings.home || settings.past.isOn)) return undefined
    const identity = await call.identity
    if (!identity.lookedUp) return undefined
    const { kind, category, clientId, isLocked, orders } = identity.card
    if (kind === 'driver' || category === 'black' || isLocked || orders > 0) return undefined

    const client = clientId === undefined ? { phone } : { phone, clientId }
    const deadline = { clock, milliseconds: patience, request: 'pickupsOf' }
    const pickups = await withDeadline(call.signal, deadline, (signal) =>
      dispatch.pickupsOf(client, signal),
    ).catch((thrown: unknown) => {
      if (!call.signal.aborted)
        log.warn({ call: call.id, reason: reasonOf(thrown) }, 'Nobody could say where the caller lives')
    })
    if (!pickups) return undefined
    const past = settings.past.isOn ? pickups.past.filter((each) => each.orders >= settings.past.atLeast) : []
    const home = settings.home && pickups.home ? [pickups.home] : []
    const isLandline = phones.kindOf(phone) === 'landline'
    const places = isLandline ? [...home, ...past] : [...past, ...home]
    const offers = withoutRepeats(places).slice(0, mostOffers)
    return {
      offers: offers.map((place) => ({ place, ...(clientId !== undefined && { clientId }) })),
      because: isLandline && home.length > 0 ? 'a known landline' : 'picked up before',
    }
  }

  async function found(call: Call, phone: Phone): Promise<Offers | undefined> {
    const begun = call.again ? await drafts.of(call.id) : undefined
    if (begun)
      return { offers: [{ place: { address: begun.address } }], because: 'had ordered before the restart' }
    const { venue: address } = call.line
    if (address !== undefined) return { offers: [{ place: { address } }], because: 'the line of a place' }
    const venue = venues.get(phone)
    if (venue) return { offers: [venue], because: 'a venue' }
    return await known(call, phone)
  }

  return {
    async of(call: Call, phone: Phone): Promise<Offers | undefined> {
      const offers = await found(call, phone)
      return (
        offers && {
          ...offers,
          offers: offers.offers.map((offer) => ({ ...asOfLine(call), ...offer, ...asOfCard(call) })),
        }
      )
    },
  }
}

/** What the line, or the caller in its menu, has chosen for every order. */
function asOfLine({ chosen, line }: Call): Pick<Offer, 'tariffId' | 'carGroupId'> {
  const tariffId = chosen.tariff ?? line.tariff
  const carGroupId = chosen.crewGroup ?? line.crewGroup
  return { ...(tariffId !== undefined && { tariffId }), ...(carGroupId !== undefined && { carGroupId }) }
}

/** Whose card he has shown pays, whoever's telephone it is. */
function asOfCard({ chosen: { client } }: Call): Pick<Offer, 'clientId'> {
  return client === undefined ? {} : { clientId: client }
}

function toOffer({ phone: _, address, latitude, longitude, ...order }: Settings['venues'][number]): Offer {
  const at = latitude !== undefined && longitude !== undefined ? { latitude, longitude } : undefined
  return { place: { address, ...(at && { at }) }, ...order }
}

function withoutRepeats(places: readonly Place[]): Place[] {
  const byAddress = new Map<string, Place>()
  for (const { address, at } of places)
    if (!byAddress.has(address)) byAddress.set(address, at ? { address, at } : { address })
  return [...byAddress.values()]
}
