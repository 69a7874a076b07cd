import { placeOfCode } from '#core/calls/places.ts'
import { definePlugin } from '#core/plugin.ts'
import { type CallId, languages, type OrderId } from '#core/schema.ts'
import { cardRoutes } from './card-routes.ts'
import { mistakesIn } from './codes.ts'
import { openErrands, toTarget } from './errands.ts'
import { goOn, place } from './flow.ts'
import { openKeys } from './keys.ts'
import { pickUpByCode } from './pick-up.ts'
import { talkRoutes } from './routes.ts'
import { openSeats } from './seats.ts'
import { Settings } from './settings.ts'
import { migrations, type TalkControlTables } from './tables.ts'
import { openVerbs } from './verbs.ts'
import { words } from './words.ts'

export const plugin = definePlugin({
  name: place,
  about: 'Hold, transfer, consult, park; supervisors listen, whisper, barge in and take over.',
  settings: Settings,
  words,
  migrations,
  mistakes: mistakesIn,

  async start(services) {
    const { bus, calls, cleanup, clock, database, dispatch, http, log, phones, places, settings, site } =
      services
    const errands = openErrands(settings)
    const seats = await openSeats({ database: database.withTables<TalkControlTables>(), log, settings })

    /** Which order a call is about. */
    const aboutOf = new Map<CallId, OrderId>()
    bus.on('call.identified', ({ call, order }) => {
      if (order !== undefined && calls.find(call)) aboutOf.set(call, order)
    })
    bus.on('call.about-order', ({ call, order }) => void aboutOf.set(call, order))
    bus.on('call.ended', ({ call }) => {
      aboutOf.delete(call)
      errands.forget(call)
    })
    bus.on('operator.changed', ({ operator, user = operator, extension, state }) => {
      if (state === 'signed_out') seats.left(user)
      else if (extension !== undefined) seats.sat(user, extension)
    })

    cleanup.defer(
      calls.onTransferAsked(({ call, from, to }) => {
        errands.give(call, { is: 'transfer', to: toTarget(to, phones), from })
        const sent = calls.talkOf(call)?.sendTo(place, `given on by the phone ${from}`)
        const tell = () => bus.publish('call.transferred', { call, from, to, how: 'blind', by: from })
        sent?.then(tell, () => undefined)
      }),
    )

    const isBusy = (phone: string) =>
      !site.secondLine &&
      calls.live().some(({ id }) => {
        const talk = calls.talkOf(id)?.view
        return talk?.with === phone || talk?.others.some((other) => other.phone === phone)
      })
    const board = { bus, clock, errands, settings, isBusy }
    places.offer(place, (caller) => goOn(caller, board))
    const { code } = settings.parking
    if (code !== '') places.offer(placeOfCode(code), (caller) => pickUpByCode(caller, board))
    const orderOf = (call: CallId) => aboutOf.get(call)
    const mayAnswerItself = (phone: string) => settings.answersItself && calls.tellsToAnswer(phone)
    http.register(
      cardRoutes({ bus, calls, dispatch, journal: services.journal, mayAnswerItself, orderOf, seats }),
    )
    const verbs = openVerbs({ bus, calls, dispatch, errands, isBusy, orderOf, phones, settings })
    http.register(talkRoutes({ bus, calls, errands, mayAnswerItself, seats, settings, verbs }))

    const language = languages.find((each) => each === site.language) ?? 'en'
    const keys = openKeys({ calls, clock, language, log, settings, verbs })
    cleanup.defer(calls.onPartnerPressed(keys.pressed))
    bus.on('call.talk-ended', ({ call }) => keys.forget(call))
  },
})
