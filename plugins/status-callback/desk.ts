import type { Logger } from 'pino'
import type { FactData } from '#core/call-bus/events.ts'
import type { Clock } from '#core/clock.ts'
import { CallbusError, reasonOf } from '#core/errors.ts'
import { openTurns } from '#core/in-turn.ts'
import type { Order } from '#core/ports/dispatch.ts'
import type { OrderId } from '#core/schema.ts'
import type { NewNotice, Notices } from './notices.ts'
import type { Orders } from './orders.ts'
import { MovedOn } from './pursuit.ts'
import { askedRule, holds, isSameCar, type Rule, type RuleBook, toCarMark } from './rules.ts'
import type { Settings } from './settings.ts'
import type { Notice } from './tables.ts'

/** Who is called about what: each thing once, whoever asks and however often. */
export interface Desk {
  /** An order has come to a stage, or so it is said. */
  heardStage(fact: FactData<'order.stage-changed'>): Promise<void>
  /** Its car is late. */
  heardLate(order: OrderId): Promise<void>
  /** The dispatch program wants somebody called. */
  heardRequest(fact: FactData<'callback.requested'>): Promise<void>
  /** A person wants a client called now. */
  ask(wish: Wish): Promise<Notice>
  /** False when it is over already, or never was. */
  cancel(id: string, by: string): boolean
  /** Takes up what an earlier life of ours began. */
  resume(): Promise<void>
  closed(): Promise<void>
}

export interface Wish {
  order: OrderId
  /** Without it: how the order stands. */
  rule?: string | undefined
  /** The same request again is the same call. */
  request: string
  by: string
}

/** What broke is taken up again after so many milliseconds. */
const againAfter = 15_000
/** A request soon after the news was told is the same news by another way. */
const sameNewsFor = 5 * 60_000

export function openDesk(parts: {
  clock: Clock
  log: Logger
  notices: Notices
  orders: Orders
  pursue(notice: Notice, rule: Rule, stop: AbortSignal): Promise<void>
  rules: RuleBook
  settings: Pick<Settings, 'keepTrying'>
  signal: AbortSignal
}): Desk {
  const { clock, log, notices, orders, rules, settings, signal: closing } = parts
  const turns = openTurns()
  const underWay = new Map<
    string,
    { notice: Notice; rule: Rule; stop: AbortController; work: Promise<void> }
  >()

  function follow(notice: Notice, rule: Rule) {
    if (underWay.has(notice.id) || closing.aborted) return
    const stop = new AbortController()
    const signal = AbortSignal.any([closing, stop.signal])
    const work = insist(notice, rule, signal).finally(() => underWay.delete(notice.id))
    underWay.set(notice.id, { notice, rule, stop, work })
  }

  /** Whatever breaks, it goes on from what is on the disk. */
  async function insist(notice: Notice, rule: Rule, stop: AbortSignal) {
    let at: Notice | undefined = notice
    while (at?.state === 'open') {
      try {
        return await parts.pursue(at, rule, stop)
      } catch (thrown) {
        if (closing.aborted) return
        log.error(
          { notice: notice.id, reason: reasonOf(thrown), err: thrown },
          'A call-back broke; it is taken up again',
        )
      }
      try {
        await clock.sleep(againAfter, closing)
        at = (await notices.get(notice.id).catch(() => undefined)) ?? at
      } catch {
        return
      }
    }
  }

  /** One plan per key: an open one stands, a closed one counts again only for news. */
  async function plan(
    wanted: NewNotice,
    rule: Rule,
    isNews: (old: Notice) => Promise<boolean>,
  ): Promise<Notice> {
    return await turns.take(wanted.key, async () => {
      const old = await notices.find(wanted.key)
      const notice = old ? await again(old, wanted, isNews) : await notices.add(wanted)
      if (!notice) throw new CallbusError('CONFLICT', { what: `call-back ${wanted.key}` })
      if (notice.state === 'open') follow(notice, rule)
      return notice
    })
  }

  async function again(old: Notice, wanted: NewNotice, isNews: (old: Notice) => Promise<boolean>) {
    if (old.state === 'open' || !(await isNews(old))) return old
    // What is still being written back of it comes first.
    await underWay.get(old.id)?.work
    return await notices.reopen(old, wanted)
  }

  function toNotice(rule: Rule, about: Partial<NewNotice> & Pick<NewNotice, 'key' | 'by'>): NewNotice {
    const next_at = clock.now() + (about.is_asked ? 0 : rule.afterMs)
    return {
      order_id: null,
      phone: null,
      stage: null,
      is_asked: 0,
      is_urgent: 0,
      ...about,
      rule: rule.name,
      next_at,
      expires_at: next_at + settings.keepTrying * 60_000,
    }
  }

  const keyOf = (order: OrderId, rule: Rule) => `${order}:${rule.name}`

  async function byItself(rule: Rule, order: OrderId, stage: string) {
    const wanted = toNotice(rule, { key: keyOf(order, rule), order_id: order, stage, by: 'status-callback' })
    await plan(wanted, rule, (old) => isOtherCar(old, rule, order))
  }

  /**
   * The same news comes again only with another car, or when nobody heard it because the order moved to and fro;
   * whichever way it was asked for.
   */
  async function isOtherCar(old: Notice, rule: Rule, id: OrderId): Promise<boolean> {
    const order = await readNow(id)
    if (!order || !holds(rule, old.stage, order)) return false
    const all = (await notices.of(id)).filter((each) => each.rule === rule.name)
    const tries = await Promise.all(all.map((each) => notices.triesOf(each.id)))
    if (all.some(({ state }, index) => state === 'open' && tries[index]?.length === 0)) return false
    const ofThisCar = tries.flat().filter(({ car }) => isSameCar(car, toCarMark(order)))
    return (
      ofThisCar.length === 0 ||
      (old.result === 'cancelled' &&
        ofThisCar.every(({ level, result }) => level === null && result !== null))
    )
  }

  async function readNow(id: OrderId): Promise<Order | undefined> {
    return await orders.read(id, closing).catch((thrown: unknown) => {
      log.warn({ order: id, reason: reasonOf(thrown) }, 'An order could not be read')
      return undefined
    })
  }

  /** What is said may be late or wrong: the order itself is asked. Only when it cannot be asked, the word counts. */
  async function stopUnlessItHolds(order: OrderId, stage: string) {
    const doubted = [...underWay.values()].filter(
      ({ notice }) => notice.order_id === order && notice.stage !== stage,
    )
    if (doubted.length === 0) return
    const said = { because: `the order is ${stage}` }
    const now = await orders.read(order, closing).catch(() => said)
    for (const { notice, rule, stop } of doubted) {
      if (now && 'because' in now) stop.abort(new MovedOn(now.because))
      else if (!now) stop.abort(new MovedOn('there is no such order any more'))
      else if (!holds(rule, notice.stage, now)) stop.abort(new MovedOn(`the order is ${now.stage}`))
    }
  }

  return {
    async heardStage(fact) {
      const { order, stage, stateName } = fact
      orders.hear(fact)
      const rule = rules.on(stage, { name: stateName })
      const isOld = clock.now() - (fact.endedAt ?? clock.now()) >= settings.keepTrying * 60_000
      if (rule && !isOld) await byItself(rule, order, stage)
      await stopUnlessItHolds(order, stage)
    },

    async heardLate(order) {
      const rule = rules.delayed
      const now = rule && (await readNow(order))
      if (rule && now) await byItself(rule, order, now.stage)
    },

    async heardRequest({ action, order, phone, request, script }: FactData<'callback.requested'>) {
      const rule = rules.find(action ?? script)
      if (!rule)
        return log.warn({ script, action }, 'A call is asked for that no rule describes; nobody is rung')
      const about = { phone, order_id: order ?? null, is_asked: 1, by: 'dispatch' }
      if (order === undefined)
        return void (await plan(toNotice(rule, { ...about, key: `request:${request}` }), rule, never))

      const isOtherCarNow = (old: Notice) => isOtherCar(old, rule, order)
      const told = await notices.find(keyOf(order, rule))
      const isOldNews =
        told?.state === 'closed' &&
        clock.now() - told.created_at >= sameNewsFor &&
        !(await isOtherCarNow(told))
      const key = isOldNews ? `${keyOf(order, rule)}:${request}` : keyOf(order, rule)
      await plan(toNotice(rule, { ...about, key }), rule, isOtherCarNow)
    },

    async ask({ order, rule: name, request, by }) {
      const rule = rules.find(name ?? askedRule)
      if (!rule) throw new CallbusError('NOT_FOUND', { what: `rule ${name}` })
      const about = { key: `asked:${order}:${request}`, order_id: order, is_asked: 1, is_urgent: 1, by }
      return await plan(toNotice(rule, about), rule, never)
    },

    cancel(id, by) {
      const found = underWay.get(id)
      found?.stop.abort(new MovedOn(`${by} stopped it`))
      return found !== undefined
    },

    async resume() {
      for (const notice of await notices.open()) {
        const rule = rules.find(notice.rule)
        if (rule) follow(notice, rule)
        else await notices.close(notice.id, 'cancelled')
      }
    },

    async closed() {
      await turns.idle()
      await Promise.allSettled([...underWay.values()].map(({ work }) => work))
    },
  }
}

const never = async () => false
