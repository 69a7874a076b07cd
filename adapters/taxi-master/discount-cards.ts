/** Cards are contracts of clients, whose tariff and discount Taxi-Master keeps on the client's own card. */
import type { DiscountCard } from '#core/ports/dispatch.ts'
import { found, granted } from './answers.ts'
import type { CommonApi } from './common-api.ts'

export function openDiscountCards({ commonApi }: { commonApi: CommonApi }) {
  async function clientIdOf(number: string, signal: AbortSignal): Promise<string | undefined> {
    const { clients_info } = granted('get_clients_info', await commonApi.clientsLike(number, signal))
    const holder = clients_info.find((client) => client.number === number)
    if (holder) return String(holder.client_id)
    return /^[1-9]\d{0,14}$/.test(number) ? number : undefined
  }

  return {
    async findDiscountCard(number: string, signal: AbortSignal): Promise<DiscountCard | undefined> {
      const clientId = await clientIdOf(number, signal)
      const client =
        clientId === undefined
          ? undefined
          : found('get_client_info', await commonApi.clientTerms(clientId, signal))
      if (!client) return undefined
      const { client_id, login, tariff_id, discount_id, is_locked } = client
      return {
        clientId: String(client_id),
        ...(tariff_id && { tariffId: String(tariff_id) }),
        ...(discount_id && { discountId: String(discount_id) }),
        ...(is_locked && { isLocked: true }),
        ...(login && { hasPassword: true }),
      }
    },
  }
}
