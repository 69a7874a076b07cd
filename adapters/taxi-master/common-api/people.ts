/** Clients and drivers. */
import Type from 'typebox'
import { Compile } from 'typebox/compile'
import { type Ask, Id, Maybe } from './shapes.ts'

const client = Compile(
  Type.Object({
    client_id: Id,
    balance: Maybe(Type.Number()),
    bonus_balance: Maybe(Type.Number()),
    min_balance: Maybe(Type.Number()),
    is_locked: Maybe(Type.Boolean()),
  }),
)
const address = Compile(Type.Object({ client_id: Id, address: Maybe(Type.String()) }))
const driver = Compile(
  Type.Object({ driver_id: Id, balance: Maybe(Type.Number()), is_locked: Maybe(Type.Boolean()) }),
)
const owner = Compile(Type.Object({ phone_type: Type.String(), id: Id, client_employee_id: Maybe(Id) }))

export function peopleMethods(ask: Ask) {
  return {
    /** Of drivers, clients and the directory of phones; what it finds first. */
    analyzePhone: (phone: string, signal: AbortSignal) =>
      ask('analyze_phone', { query: { phone } }, owner, signal),

    clientInfo: (clientId: string, signal: AbortSignal) => {
      const fields = 'balance,bonus_balance,min_balance,is_locked'
      return ask('get_client_info', { query: { client_id: clientId, fields } }, client, signal)
    },

    clientAddress: (clientId: string, signal: AbortSignal) =>
      ask('get_client_info', { query: { client_id: clientId, fields: 'address' } }, address, signal),

    driverInfo: (driverId: string, signal: AbortSignal) => {
      const query = { driver_id: driverId, fields: 'balance,is_locked' }
      return ask('get_driver_info', { query }, driver, signal)
    },
  }
}
