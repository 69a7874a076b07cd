/** `kill -9` between the key that asks for a call-back and the talk with an operator: he is rung once, and talks. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import SQLite from 'better-sqlite3'
import { musicTone } from '../asterisk/instance.ts'
import { needs } from '../support/needs.ts'
import { openPhone } from '../support/sip/sip-phone.ts'
import { until } from '../support/until.ts'
import { openWorld, stranger } from './process.ts'

const skip = needs.asterisk()
const his = '+380509998877'

/** One operator talks to somebody; another caller has asked to be called back and hung up. */
async function open(t: TestContext) {
  const queue = {
    operators: [{ id: 'olena', extension: '101', isAlwaysHere: true }],
    queues: [{ name: 'operators', announcements: [] }],
    keys: { 5: 'call-back' },
    callBack: { reserveFor: 60 },
  }
  const world = await openWorld(t, { plugins: { operators: false, queue } })
  const { asterisk, callbus } = world
  const mobile = await openPhone({ port: asterisk.trunkPort })
  t.after(() => mobile[Symbol.asyncDispose]())
  const office = await world.phone('101', { says: 600 })
  await callbus.start()

  const talking = await world.ring(stranger)
  const first = await office.rung()
  await first.answer()
  await callbus.callBecomes('talking')
  const caller = await world.ring(his)
  await callbus.callBecomes('waiting')
  await caller.hears(musicTone)
  await caller.press('5')

  const rows = () => {
    const database = new SQLite(join(world.folder, 'data/callbus.sqlite'), { readonly: true })
    try {
      return {
        callBack: database.prepare('select * from queue_call_backs').get() as { state: string } | undefined,
        tries: database.prepare('select * from queue_call_back_tries').all() as { outcome: string | null }[],
      }
    } finally {
      database.close()
    }
  }
  await until(() => rows().callBack, { what: 'the call-back to be written' })
  await caller.hangUp()

  return {
    ...world,
    mobile,
    office,
    rows,
    /** The operator is free, and it is his turn. */
    async itIsHisTurn() {
      await first.hangUp()
      await talking.ended()
    },
    restarts: async () => {
      await callbus.kill()
      await callbus.start()
    },
    async talksOnce() {
      await callbus.callBecomes('talking')
      await mobile.calls[0]?.hears(600)
      await mobile.calls[0]?.hangUp()
      await until(() => rows().callBack?.state === 'joined', { what: 'the call-back to be closed' })
      assert.equal(mobile.calls.length, 1)
      assert.deepEqual(
        rows().tries.map(({ outcome }) => outcome),
        ['answered'],
      )
      await world.nothingIsLeft()
    },
  }
}

test('killed before his turn: his place is kept', { skip }, async (t) => {
  const world = await open(t)
  await world.restarts()
  await world.itIsHisTurn()
  const him = await world.mobile.rung(30_000)
  await him.answer()
  await him.hears(musicTone)
  await (await until(() => world.office.calls[1], { what: 'the operator to be rung' })).answer()
  await world.talksOnce()
})

test('killed while his phone rings: it rings on', { skip }, async (t) => {
  const world = await open(t)
  await world.itIsHisTurn()
  const him = await world.mobile.rung(30_000)
  await until(
    () => world.callbus.calls().some(({ errand, state }) => errand !== null && state === 'ringing'),
    {
      what: 'the call to be written',
    },
  )
  await world.restarts()
  assert.equal(him.state, 'ringing')
  await him.answer()
  await (await until(() => world.office.calls[1], { what: 'the operator to be rung' })).answer()
  await world.talksOnce()
})

test('killed while he is on the line and the operator is rung: he waits on, and they talk', {
  skip,
}, async (t) => {
  const world = await open(t)
  await world.itIsHisTurn()
  const him = await world.mobile.rung(30_000)
  await him.answer()
  await until(() => world.office.calls[1], { what: 'the operator to be rung' })
  await until(() => world.rows().callBack?.state === 'reached', { what: 'the answer to be written' })
  await world.restarts()
  await him.hears(musicTone, { since: him.mark() })
  const answer = async () => {
    const ringing = world.office.calls.find(({ state }) => state === 'ringing')
    if (!ringing) return false
    await ringing.answer()
    return true
  }
  await until(answer, { what: 'the operator to be rung' })
  await world.talksOnce()
})
