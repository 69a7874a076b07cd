import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { hasTone, readChannels } from '../support/audio.ts'
import { needs } from '../support/needs.ts'
import { until } from '../support/until.ts'
import { type Company, openCompany } from './company.ts'
import { sharedExchange } from './exchange.ts'

const skip = needs.asterisk() || needs.espeak()
const exchange = sharedExchange(after)
const from = '+380670000001'
const number = '0670000001'
const inTheCar = 11
const publicUrl = 'https://callbus.example'
const sections = { 'call-record-links': { publicUrl, logins: { '101': 'ivanova' } } }

test('Taxi-Master is given a link to the talk, and who has the link hears it without a login', {
  skip,
}, async () => {
  await using company = await openCompany(await exchange(), { sections })
  company.taxiMaster.placeOrder({ phone: from, stateId: inTheCar })
  await talk(company)

  const [record] = await records(company, 1)
  assert.deepEqual(
    { type: record?.call_type, phone: record?.phone, user: record?.user_login, result: record?.call_result },
    { type: '1', phone: number, user: 'ivanova', result: 'answered' },
  )
  const link = record?.file_path ?? ''
  assert.ok(link.startsWith(publicUrl))
  const here = link.replace(publicUrl, company.app.address)
  const file = join(company.folder, 'talk.wav')
  const sound = await fetch(here)
  assert.equal(sound.status, 200)
  await writeFile(file, Buffer.from(await sound.arrayBuffer()))
  const [operator = new Int16Array(), client = new Int16Array()] = readChannels(file)
  assert.ok(hasTone(operator, 500) && hasTone(client, 900))
  assert.equal((await fetch(here.replace(/sig=.{4}/, 'sig=aaaa'))).status, 401)
})

test('an order made after the call gets the recording too, under an id of its own', { skip }, async () => {
  await using company = await openCompany(await exchange(), { sections, dispatch: { watchSeconds: 1 } })
  await until(() => company.taxiMaster.requests.some(({ method }) => method === 'get_current_orders'), {
    what: 'the first look at the orders',
  })
  await talk(company)
  await records(company, 1)
  const { id } = company.taxiMaster.placeOrder({ phone: from })
  const [first, second] = await records(company, 2)
  assert.equal(first?.file_path?.split('?')[0], second?.file_path?.split('?')[0])
  assert.notEqual(first?.call_id, second?.call_id)
  await company.fact('call.recording-linked', ({ order }) => order === String(id))
})

test('a Taxi-Master that was away gets the recording when it is back, once', { skip }, async () => {
  await using company = await openCompany(await exchange(), { sections, dispatch: { watchSeconds: 1 } })
  company.taxiMaster.placeOrder({ phone: from, stateId: inTheCar })
  await talk(company, () => company.taxiMaster.goDown())
  await company.fact('call.recorded')
  await company.fact('connection.changed', (data) => data.neighbour === 'dispatch' && data.state === 'lost')
  await company.taxiMaster.comeBack()
  await records(company, 1)
  await company.fact('call.recording-linked')
  assert.equal(company.taxiMaster.records.length, 1)
})

async function talk(company: Company, meanwhile: () => Promise<unknown> = async () => undefined) {
  const operator = await company.phone('101', { answers: 'at once', says: 500 })
  const client = await company.ring({ from, says: 900 })
  const incoming = await operator.rung()
  await Promise.all([client.hears(500), incoming.hears(900)])
  await company.fact('call.recording-started')
  await client.hears(500, { since: client.mark() })
  await meanwhile()
  await client.hangUp()
  await incoming.ended()
}

function records({ taxiMaster }: Company, wanted: number) {
  return until(() => (taxiMaster.records.length >= wanted ? taxiMaster.records : undefined), {
    what: `${wanted} recordings at Taxi-Master`,
    within: 30_000,
  })
}
