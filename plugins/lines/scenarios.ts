import { didYouMean } from '#core/did-you-mean.ts'
import type { Call, Services } from '#core/plugin.ts'
import type { Clients, Scenario, Settings } from './settings.ts'

/** One sentence for each mistake that only the settings of the house as a whole show. */
export function mistakesIn(
  { scenarios }: Settings,
  { lines }: { lines: readonly { name: string }[] },
): string[] {
  const names = lines.map(({ name }) => name)
  return Object.entries(scenarios).flatMap(([name, { menus, clients }]) => {
    const at = `\`scenarios.${name}`
    return [
      ...(names.includes(name) ? [] : [`${at}\`: \`lines\` names no such line${didYouMean(name, names)}`]),
      ...menus.flatMap(({ keys }, index) =>
        Object.entries(keys)
          .filter(([, choice]) => Object.keys(choice).length === 0)
          .map(
            ([key]) => `${at}.menus.${index}.keys.${key}\` says neither what is chosen nor where it leads`,
          ),
      ),
      ...menus
        .map(({ keys }, index) => (Object.keys(keys).length === 0 ? index : undefined))
        .filter((index) => index !== undefined)
        .map((index) => `${at}.menus.${index}.keys\` must not be empty`),
      ...clients
        .map(({ numbers, kinds }, index) => (numbers.length + kinds.length === 0 ? index : undefined))
        .filter((index) => index !== undefined)
        .map((index) => `${at}.clients.${index}\` says neither \`numbers\` nor \`kinds\``),
    ]
  })
}

/** The entry a caller is meant by. Only kinds make him wait for the dispatch program. */
export async function clientsOf(
  call: Call,
  { clients }: Pick<Scenario, 'clients'>,
  phones: Services['phones'],
): Promise<Clients | undefined> {
  for (const entry of clients) {
    if (call.from !== undefined && entry.numbers.some((number) => phones.toE164(number) === call.from))
      return entry
    if (entry.kinds.length > 0 && (await isOfKind(call, entry.kinds))) return entry
  }
  return undefined
}

async function isOfKind(call: Call, kinds: Clients['kinds']): Promise<boolean> {
  const identity = await call.identity
  if (!identity.lookedUp) return false
  const { kind, isVip } = identity.card
  return kinds.some((each) => (each === 'vip' ? isVip : kind === each))
}
