/** What clients and drivers have with the company. */
import type { Account, AccountOwner } from '#core/ports/dispatch.ts'
import { found } from './answers.ts'
import type { CommonApi } from './common-api.ts'
import { toDispatchPhone } from './phone-rules.ts'
import type { Tapi } from './tapi.ts'
import { type Site, toAccount } from './translate.ts'

export function openAccounts({ commonApi, tapi }: { commonApi: CommonApi; tapi: Tapi }, { settings }: Site) {
  async function ofClient(clientId: string, signal: AbortSignal): Promise<Account | undefined> {
    const client = found('get_client_info', await commonApi.clientInfo(clientId, signal))
    if (!client) return undefined
    const { balance, bonus_balance, min_balance, is_locked } = client
    return {
      of: 'client',
      id: String(client.client_id),
      balance: balance ?? 0,
      ...(bonus_balance != null && { bonus: bonus_balance }),
      ...(min_balance != null && { lowest: min_balance }),
      ...(is_locked && { isLocked: true }),
    }
  }

  async function ofDriver(driverId: string, signal: AbortSignal): Promise<Account | undefined> {
    const driver = found('get_driver_info', await commonApi.driverInfo(driverId, signal))
    if (!driver) return undefined
    const { driver_id, balance, is_locked } = driver
    return {
      of: 'driver',
      id: String(driver_id),
      balance: balance ?? 0,
      ...(is_locked && { isLocked: true }),
    }
  }

  return {
    async findAccount(owner: AccountOwner, signal: AbortSignal): Promise<Account | undefined> {
      if ('clientId' in owner) return await ofClient(owner.clientId, signal)
      if ('driverId' in owner) return await ofDriver(owner.driverId, signal)
      const number = toDispatchPhone(owner.phone, settings.phones.tapi)
      const fields = found('get_info_by_phone', await tapi.accountByPhone(number, signal))
      return fields && toAccount(fields)
    },
  }
}
