/** What clients and drivers have with the company, and who may hear it. */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { Clock } from '#core/clock.ts'
import type { Account, AccountDetails, AccountOwner, Claim } from '#core/ports/dispatch.ts'
import { found, granted } from './answers.ts'
import type { CommonApi } from './common-api.ts'
import { fromServerTime, toServerTime } from './moments.ts'
import { toDispatchPhone } from './phone-rules.ts'
import type { Tapi } from './tapi.ts'
import { FieldUnreadable, isCorporate, type Site, toAccount } from './translate.ts'

interface Neighbours {
  commonApi: CommonApi
  tapi: Tapi
  clock: Pick<Clock, 'now'>
}

const day = 24 * 60 * 60 * 1000

export function openAccounts({ commonApi, tapi, clock }: Neighbours, { settings, timeZone }: Site) {
  async function ofClient(clientId: string, signal: AbortSignal): Promise<Account | undefined> {
    const client = found('get_client_info', await commonApi.clientInfo(clientId, signal))
    if (!client) return undefined
    const { balance, bonus_balance, min_balance, is_locked } = client
    return {
      of: 'client',
      id: String(client.client_id),
      balance: told(balance),
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
      balance: told(balance),
      ...(is_locked && { isLocked: true }),
    }
  }

  async function ofPhone(phone: string, signal: AbortSignal): Promise<Account | undefined> {
    const number = toDispatchPhone(phone, settings.phones.tapi)
    const fields = found('get_info_by_phone', await tapi.accountByPhone(number, signal))
    const account = fields && toAccount(fields)
    if (!account || !isCorporate(fields)) return account
    // Only CommonAPI tells the company's own phone from those of its employees.
    const owner = found('analyze_phone', await commonApi.analyzePhone(number, signal))
    // Of whom nobody can say whether he is the company or only works there, nothing is known.
    if (!owner) return undefined
    const employee = owner.client_employee_id
    return employee ? { ...account, employeeId: String(employee) } : account
  }

  async function lastOperationOf({ of, id }: Pick<Account, 'of' | 'id'>, signal: AbortSignal) {
    const owner = of === 'driver' ? { driver_id: id } : { client_id: id }
    const period = {
      start_time: toServerTime(clock.now() - settings.operationsDays * day, timeZone),
      finish_time: toServerTime(clock.now() + day, timeZone),
    }
    const answer = await commonApi.operationsOf(owner, period, signal)
    const all = found('get_operations', answer)?.operations ?? []
    const moments = all
      .filter(({ cancelled_by_oper_id }) => !cancelled_by_oper_id)
      .map(({ oper_time }) => fromServerTime(oper_time, timeZone))
      .filter((moment) => moment !== undefined)
    return moments.length > 0 ? Math.max(...moments) : undefined
  }

  async function shiftOf(driverId: string, signal: AbortSignal) {
    const phones =
      found('get_driver_info', await commonApi.driverInfo(driverId, signal, 'phones'))?.phones ?? []
    const { phone } = phones.find(({ is_default }) => is_default) ?? phones[0] ?? {}
    if (!phone) return undefined
    const fields = found('get_info_by_phone', await tapi.shiftByPhone(phone, signal))
    return fields && fromServerTime(fields.DRV_SHIFT_START_TIME.replace(/\D/g, ''), timeZone)
  }

  async function crewOf(driverId: string, signal: AbortSignal) {
    const { crews_info } = granted('get_crews_info', await commonApi.crews(signal))
    return crews_info.find(({ driver_id }) => String(driver_id) === driverId)
  }

  async function driverByCallSign({ callSign, pin }: { callSign: string; pin: string }, signal: AbortSignal) {
    const { crews_info } = granted('get_crews_info', await commonApi.crews(signal, { all: true }))
    const driverId = crews_info.find(({ code }) => code === callSign)?.driver_id
    const driver = driverId
      ? found('get_driver_info', await commonApi.driverInfo(String(driverId), signal, 'proof'))
      : undefined
    const { driverPin } = settings
    const right =
      driverPin === 'termAccount'
        ? driver?.term_account
        : driver?.attribute_values?.find(({ id }) => id === driverPin)?.str_value
    if (!driver || driver.is_dismissed || !right || !isSame(pin, right)) return undefined
    return { driverId: String(driver.driver_id) }
  }

  async function clientBy(login: string, password: string, signal: AbortSignal) {
    const answer = await commonApi.authorize(login, password, signal)
    const client = found('check_authorization', answer)
    return client && { clientId: String(client.client_id) }
  }

  /** Who has keys only types the number of his contract: a login may have letters. */
  async function clientByContract(contract: string, password: string, signal: AbortSignal) {
    const { clients_info } = granted('get_clients_info', await commonApi.clientsLike(contract, signal))
    const login = clients_info.find(({ number }) => number === contract)?.login
    return login && login !== contract ? await clientBy(login, password, signal) : undefined
  }

  return {
    async findAccount(owner: AccountOwner, signal: AbortSignal): Promise<Account | undefined> {
      if ('clientId' in owner) return await ofClient(owner.clientId, signal)
      if ('driverId' in owner) return await ofDriver(owner.driverId, signal)
      return await ofPhone(owner.phone, signal)
    },

    async accountDetails(owner: Pick<Account, 'of' | 'id'>, signal: AbortSignal): Promise<AccountDetails> {
      const isDriver = owner.of === 'driver'
      const [lastOperationAt, shiftStartedAt, crew] = await Promise.all([
        lastOperationOf(owner, signal),
        isDriver ? shiftOf(owner.id, signal) : undefined,
        isDriver ? crewOf(owner.id, signal) : undefined,
      ])
      const priority = crew?.common_priority
      return {
        ...(lastOperationAt !== undefined && { lastOperationAt }),
        ...(shiftStartedAt !== undefined && { shiftStartedAt }),
        ...(priority != null && { priority }),
      }
    },

    async checkClaim(claim: Claim, signal: AbortSignal): Promise<AccountOwner | undefined> {
      if ('callSign' in claim) return await driverByCallSign(claim, signal)
      const { login, password } = claim
      return (await clientBy(login, password, signal)) ?? (await clientByContract(login, password, signal))
    },
  }
}

/** A sum that is not told is not nothing: who owes would hear that he owes nothing. */
function told(balance: number | null | undefined): number {
  if (balance == null) throw new FieldUnreadable('balance')
  return balance
}

/** In a time that tells nothing of how much was right. */
function isSame(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(one), digest(other))
}
