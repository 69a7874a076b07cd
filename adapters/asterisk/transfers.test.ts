import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pino } from 'pino'
import type { TelephonyEvent } from '#core/ports/telephony.ts'
import type { BridgeAttendedTransfer, Channel } from './ari/types.ts'
import type { Commands } from './commands.ts'
import { type Legs, newLeg } from './legs.ts'
import { toSurvey } from './survey.ts'
import { openTransfers } from './transfers.ts'

const app = 'callbus'
const operator = channel('cb-test-call-1', 'PJSIP/101-00000001', `${app},out,call-1,101`)
const second = channel('test-17.4', 'PJSIP/101-00000002', undefined, '101')
const colleague = channel('test-17.5', 'PJSIP/102-00000003', undefined, '102')
const link = channel('test-17.6', 'Local/_attended@transfer-00000000;1', app, '102')

function channel(id: string, name: string, args?: string, number = ''): Channel {
  const dialplan = {
    context: 'from-phones',
    exten: '102',
    priority: 1,
    app_name: args === undefined ? 'Dial' : 'Stasis',
    app_data: args ?? '',
  }
  const nobody = { name: '', number: '' }
  return {
    id,
    name,
    state: 'Up',
    caller: { name: '', number },
    connected: nobody,
    dialplan,
    creationtime: '2026-01-31T12:00:00.000+0000',
    accountcode: '',
    language: 'en',
  } as Channel
}

function transfer(more: Partial<BridgeAttendedTransfer>): BridgeAttendedTransfer {
  return {
    type: 'BridgeAttendedTransfer',
    transferer_first_leg: operator,
    transferer_second_leg: second,
    result: 'Success',
    is_external: false,
    destination_type: 'link',
    ...more,
  } as BridgeAttendedTransfer
}

function open() {
  const told: TelephonyEvent[] = []
  const asked: string[] = []
  const hungUp: string[] = []
  const legs: Legs = new Map([[operator.id, newLeg({ id: operator.id, direction: 'out', lane: 2 })]])
  const commands = {
    ask: async (lane: number, method: string, path: string) => void asked.push(`${lane} ${method} ${path}`),
  } as unknown as Commands
  const transfers = openTransfers({
    commands,
    hangUp: (one) => void hungUp.push(one),
    legs,
    log: pino({ level: 'silent' }),
    report: (event) => void told.push(event),
    settings: { app },
  })
  return { told, asked, hungUp, legs, transfers }
}

test('who is in the place of a leg after an attended transfer is a leg of the same call, also for a later life', () => {
  const { asked, legs, told, transfers } = open()
  const bridge = { id: 'talk-1' } as NonNullable<BridgeAttendedTransfer['transferer_first_leg_bridge']>
  transfers.attended(
    transfer({
      destination_link_first_leg: link,
      transfer_target: colleague,
      transferer_first_leg_bridge: bridge,
    }),
  )
  assert.deepEqual(told, [{ name: 'leg.replaced', leg: operator.id, by: link.id, to: '102' }])
  assert.equal(legs.get(link.id)?.talk, 'talk-1')
  assert.deepEqual(asked, [`2 POST channels/${link.id}/variable?variable=CALLBUS_CALL&value=call-1%2C102`])
})

test('the phone may name its two calls the other way round', () => {
  const { told, transfers } = open()
  transfers.attended(
    transfer({
      transferer_first_leg: second,
      transferer_second_leg: operator,
      destination_link_second_leg: link,
      transferee: colleague,
    }),
  )
  assert.deepEqual(told, [{ name: 'leg.replaced', leg: operator.id, by: link.id, to: '102' }])
})

test('joined while the second call still rings, the client is given to its number', () => {
  const { hungUp, told, transfers } = open()
  transfers.attended(transfer({ destination_type: 'application', replace_channel: link }))
  assert.deepEqual(told, [{ name: 'transfer.asked', leg: operator.id, to: '102' }])
  assert.deepEqual(hungUp, [link.id])
})

test('calls that are not ours, and transfers that failed, are none of our business', () => {
  const { legs, told, transfers } = open()
  transfers.attended(transfer({ result: 'Fail', destination_link_first_leg: link }))
  legs.clear()
  transfers.attended(transfer({ destination_link_first_leg: link, transfer_target: colleague }))
  transfers.attended(transfer({ replace_channel: link }))
  assert.deepEqual(told, [])
})

test('a survey finds such a leg as one that we rang, by the number at its other end', () => {
  const bridge = { id: 'talk-1', name: app, channels: [link.id] }
  const { legs } = toSurvey([link], [bridge] as never, { app, extension: 'PJSIP/{extension}' })
  assert.deepEqual(
    legs.map(({ leg, direction, to, talk }) => ({ leg, direction, to, talk })),
    [{ leg: link.id, direction: 'out', to: '102', talk: 'talk-1' }],
  )
})
