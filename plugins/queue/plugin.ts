import { openLocalTime } from '#core/calendar.ts'
import { phoneCodes } from '#core/calls/places.ts'
import { definePlugin } from '#core/plugin.ts'
import { languages } from '#core/schema.ts'
import { alarmRoutes } from './alarm-routes.ts'
import { openCallBackBook } from './call-back/book.ts'
import { callBackPlace, openCallBacks } from './call-back/call-backs.ts'
import { callBackRoutes } from './call-back/routes.ts'
import { openCallBackTexts } from './call-back/texts.ts'
import { openDesk } from './desk.ts'
import { watchDirectRings } from './direct-rings.ts'
import { openEngine } from './engine.ts'
import type { QueueKept } from './engine-words.ts'
import { figuresRoutes } from './figures-routes.ts'
import { waitInQueue } from './flow.ts'
import { followHolds } from './holds.ts'
import { openLookout } from './lookout.ts'
import { keepMetrics } from './metrics.ts'
import { callsOf } from './operator-state.ts'
import { codeWords } from './phone-code-words.ts'
import { openPhoneCodes } from './phone-codes.ts'
import { keepPresence } from './presence.ts'
import { openQueueJournal, readLeft } from './queue-journal.ts'
import { keptOperators, openRoster } from './roster.ts'
import { queueRoutes } from './routes.ts'
import { profilesOf, rulesOf, toStrategy } from './rules.ts'
import { Settings, type StrategySettings } from './settings.ts'
import { openSignIn } from './sign-in.ts'
import { openStrategyBook } from './strategy-book.ts'
import { migrations, type QueueTables } from './tables.ts'
import { targetOf } from './targets.ts'
import { viewOf } from './view.ts'
import { openWatch } from './watch.ts'
import { words } from './words.ts'

const alwaysOpen = { hours: [], holidays: [], openDays: [] }

export const plugin = definePlugin({
  name: 'queue',
  about: 'Leads every caller to the right operator, and tells honestly how long it will take.',
  settings: Settings,
  words: { ...words, ...codeWords },
  migrations,

  async start(services) {
    const { bus, calls, cleanup, clock, database, dispatch, http, intents } = services
    const { journal: callJournal, log, metrics, phones, places, settings, site } = services
    const own = database.withTables<QueueTables>()
    const localTime = openLocalTime(site.timeZone)
    const now = clock.now()
    const left = await readLeft(own, localTime.dayOf(now).from)
    const journal = openQueueJournal({ database: own, clock, log, cleanup })
    const strategies = openStrategyBook({ settings, changes: left.strategies, clock, journal })
    const engine = openEngine({
      queues: settings.queues.map((queue) => rulesOf(queue, settings, strategies.changed(queue.name))),
      operators: profilesOf(settings, site.secondLine),
      dayOf: localTime.dayOf,
      now,
      callBacks: {
        ahead: settings.callBack.ahead * 1_000,
        reserveFor: settings.callBack.reserveFor * 1_000,
      },
      kept: { queues: toKept(left.memories), operators: keptOperators(settings, left, now) },
    })
    const stateOf = (id: string) => engine.crew.find(id)?.state
    const roster = openRoster({
      settings,
      left,
      bus,
      clock,
      journal,
      stateOf,
    })
    const lookout = await openLookout({ bus, clock, database: own, settings })
    const queueNamed = (name: string) => settings.queues.find((queue) => queue.name === name)
    const desk = openDesk({
      engine,
      bus,
      clock,
      journal,
      log,
      cleanup,
      roster,
      kept: new Map(left.open),
      gifts: new Map(left.gifts),
      ringFor: (name) => queueNamed(name)?.ringFor ?? 20,
      targetOf: (name, outcome, because) => targetOf(queueNamed(name), outcome, because),
      lastOperatorOf: lookout.lastOperatorOf,
      served: lookout.served,
      away: (decision) => callBacks.obey(decision),
    })
    const book = openCallBackBook({ clock, database: own })
    const callBacks = openCallBacks({
      book,
      bus,
      calls,
      cleanup,
      clock,
      isOpen: (name) => localTime.isOpen(queueNamed(name)?.calendar ?? alwaysOpen, clock.now()),
      isStanding: (id) => engine.position(id) !== undefined,
      journal: callJournal,
      log,
      operatorAt: roster.operatorAt,
      settings: settings.callBack,
      tell: desk.tell,
      texts: openCallBackTexts({
        book,
        calls,
        cleanup,
        clock,
        dispatch,
        intents,
        log,
        isOn: settings.callBack.text,
      }),
    })

    bus.on('call.talking', ({ call, with: phone }) => moveAt(phone, { name: 'talk-began', call }))
    bus.on('call.talk-ended', ({ call, with: phone }) => moveAt(phone, { name: 'talk-over', call }))
    // Whoever is consulted or listens is busy as well; whoever becomes the partner stays so.
    bus.on('call.joined', ({ call, phone }) => moveAt(phone, { name: 'talk-began', call }))
    bus.on('call.left', ({ call, phone }) => moveAt(phone, { name: 'talk-over', call }))
    bus.on('call.ended', ({ call }) => desk.closeKept(call))
    cleanup.defer(calls.onRecovered(forgetWhatEnded))

    const directRings = watchDirectRings({
      bus,
      roster,
      stateOf,
      tell: desk.tell,
    })

    const hall = {
      callBacks,
      directRings,
      phones,
      desk,
      clock,
      localTime,
      places,
      roster,
      settings,
      queueNamed,
      priorityOf: lookout.priorityOf,
    }
    for (const queue of settings.queues)
      places.offer(queue.name, (caller, visit) => waitInQueue(caller, hall, { queue, ...visit }))

    const signIn = openSignIn({ desk, roster, stateOf })
    const { housePhones } = services
    const presence = keepPresence({ housePhones, clock, cleanup, desk, roster, stateOf })
    bus.on('operator.changed', ({ operator, state }) => {
      if (state === 'ready') presence.look(operator)
    })
    places.offer(phoneCodes, openPhoneCodes({ clock, desk, roster, settings, signIn }))

    const [firstQueue] = settings.queues
    if (firstQueue)
      places.offer(callBackPlace, (caller, visit) =>
        waitInQueue(caller, hall, { queue: firstQueue, ...visit }),
      )
    const watch = await openWatch({
      settings: settings.alarms,
      language: languages.find((each) => each === site.language) ?? 'en',
      view: (missed) => viewOf({ engine, roster, settings, localTime, now: clock.now(), missed }),
      held: followHolds({ bus, clock, engine, journal, roster }),
      operatorAt: roster.operatorAt,
      bus,
      clock,
      cleanup,
      journal: callJournal,
      localTime,
      log,
      messages: services.messages,
    })

    keepMetrics({ bus, clock, engine, metrics, roster })
    http.register(
      queueRoutes({
        clock,
        desk,
        engine,
        roster,
        settings,
        strategies,
        signIn,
        phoneOf: housePhones.stateOf,
        hasPlace: places.has,
        flagsOf: (operator) => watch.alarms().filter((alarm) => alarm.operator === operator),
        changeStrategy,
      }),
    )

    http.register(
      callBackRoutes({ book, callBacks, calls, clock, database: own, phones, queues: settings.queues }),
    )
    await callBacks.resume()
    http.register(alarmRoutes(watch))
    http.register(
      figuresRoutes({ clock, database: own, facts: callJournal, journal, localTime, roster, settings }),
    )

    function moveAt(phone: string, move: { name: 'talk-began' | 'talk-over'; call: string }) {
      const operator = roster.operatorAt(phone)
      if (operator !== undefined) desk.tell({ name: 'operator-moved', operator, move })
    }

    /** What went on without us and is over now. */
    function forgetWhatEnded() {
      for (const call of [...desk.kept.keys()]) if (!calls.find(call)) desk.closeKept(call)
      for (const { profile, state } of engine.crew.all) {
        if (state.is !== 'talking') continue
        for (const call of callsOf(state)) {
          if (calls.find(call)?.state.is === 'talking') continue
          desk.tell({ name: 'operator-moved', operator: profile.id, move: { name: 'talk-over', call } })
        }
      }
    }

    function changeStrategy(queue: string, strategy: StrategySettings, by: string) {
      desk.tell({ name: 'strategy-changed', queue, strategy: toStrategy(strategy) })
      bus.publish('queue.strategy-changed', { queue, strategy: strategy.is, by })
    }
  },
})

function toKept(memories: ReadonlyMap<string, string>): Map<string, QueueKept> {
  return new Map([...memories].map(([queue, kept]) => [queue, JSON.parse(kept) as QueueKept]))
}
