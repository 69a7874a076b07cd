import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { sql } from 'kysely'
import { CallbusError } from '#core/errors.ts'
import {
  client,
  type CallBackHouse as House,
  minute,
  openCallBackHouse as open,
} from '../../../test/support/call-back-house.ts'

const sms = {
  capabilities: new Set(['sendSms'] as const),
}

async function isNotReached(house: House, tries: number) {
  await house.clock.advance(25_000)
  for (const pause of [2, 10].slice(0, tries - 1)) {
    await house.clock.advance(pause * minute)
    await house.clock.advance(25_000)
  }
}

/** What a kill keeps from the disk. */
function notWritten(table: string, when = '') {
  const refusal = "select raise(abort, 'the process is dead')"
  const begin = `create trigger of_${table} before update on ${table} when ${when} begin ${refusal}; end`
  return {
    on: ({ app }: House) => sql.raw(begin).execute(app.database),
    off: ({ app }: House) => sql.raw(`drop trigger of_${table}`).execute(app.database),
  }
}

test('not reached at the last try he gets one text message, also when the dispatch program was away', async (t) => {
  const texts: string[] = []
  let isAway = true
  const house = await open(t, {
    app: {
      language: 'pl',
      dispatch: {
        ...sms,
        capabilities: new Set(['sendSms', 'identify']),
        async identify() {
          if (isAway) throw new CallbusError('DISPATCH_UNREACHABLE', { reason: 'away' })
          return { kind: 'client' as const, category: 'normal' as const, orders: 0 }
        },
        sendSms: async (phone, text) => void texts.push(`${phone} ${text}`),
      },
    },
  })
  const talking = await house.everybodyTalks()
  await house.hangsUpKeepingHisPlace()
  await talking.hangsUp()
  await isNotReached(house, 2)
  assert.deepEqual([house.closed(), (await house.rows())[0]?.text], [[], null])
  await isNotReached(house, 3)
  assert.deepEqual([house.closed(), (await house.rows())[0]?.text, texts], [['failed'], 'owed', []])
  isAway = false
  await house.clock.advance(minute)
  assert.equal((await house.rows())[0]?.text, 'sent')
  await house.clock.advance(minute)
  assert.deepEqual(texts, [`${client} Oddzwanialiśmy na prośbę, ale bez skutku. Prosimy o ponowny telefon.`])
})

test('killed while the text message is on its way: it is not sent again', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'callbus-text-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  let sent = 0
  const dispatch = {
    ...sms,
    async sendSms(_phone: string, _text: string, signal: AbortSignal) {
      sent += 1
      await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    },
  }
  const settings = { callBack: { pauses: [] } }
  const house = await open(t, { settings, app: { folder, dispatch } })
  const talking = await house.everybodyTalks()
  await house.hangsUpKeepingHisPlace()
  await talking.hangsUp()
  await isNotReached(house, 1)
  assert.equal(sent, 1)
  await house.app.die()
  const { exchange, clock } = house
  const next = await open(t, { settings, app: { folder, dispatch, exchange, clock } })
  await clock.advance(2 * minute)
  assert.deepEqual([sent, (await next.rows())[0]?.text], [1, 'unsure'])
})

test('killed anywhere between the last try and the end of the text message: he gets it once', async (t) => {
  for (const neverWritten of ['owed', 'sending', 'sent'] as const) {
    const folder = await mkdtemp(join(tmpdir(), 'callbus-text-'))
    t.after(() => rm(folder, { recursive: true, force: true }))
    const texts: string[] = []
    const dispatch = { ...sms, sendSms: async (phone: string) => void texts.push(phone) }
    const settings = { callBack: { pauses: [] } }
    const house = await open(t, { settings, app: { folder, dispatch } })
    const talking = await house.everybodyTalks()
    await house.hangsUpKeepingHisPlace()
    await notWritten('queue_call_backs', `new.text = '${neverWritten}'`).on(house)
    await notWritten('intents', "new.key like '%call-back-text%'").on(house)
    await talking.hangsUp()
    await isNotReached(house, 1)
    const [row] = await house.rows()
    const before = { owed: [null, 0], sending: ['owed', 0], sent: ['sending', 1] }[neverWritten]
    assert.deepEqual([row?.state, row?.text, texts.length], ['failed', ...before])
    await notWritten('queue_call_backs').off(house)
    await house.app.die()

    const { exchange, clock } = house
    await clock.advance(1_000)
    const next = await open(t, { settings, app: { folder, dispatch, exchange, clock } })
    await notWritten('intents').off(next)
    exchange.connect()
    await clock.advance(2 * minute)
    assert.deepEqual(
      [(await next.rows())[0]?.text, texts],
      [neverWritten === 'sent' ? 'unsure' : 'sent', [client]],
      neverWritten,
    )
  }
})

test('no text message when it is switched off, or when he was reached and hung up', async (t) => {
  let sent = 0
  const dispatch = {
    ...sms,
    async sendSms() {
      sent += 1
    },
  }
  for (const text of [false, true]) {
    const house = await open(t, { settings: { callBack: { text, pauses: [] } }, app: { dispatch } })
    const talking = await house.everybodyTalks()
    await house.hangsUpKeepingHisPlace()
    await talking.hangsUp()
    if (text) house.exchange.hangUp(await house.pickUp(client))
    await isNotReached(house, 1)
    assert.deepEqual([house.closed(), sent], [['failed'], 0])
  }
})
