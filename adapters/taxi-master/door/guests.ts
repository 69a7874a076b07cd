/** Who may come in. */
import { hash, timingSafeEqual } from 'node:crypto'
import { BlockList, isIP } from 'node:net'
import { CallbusError } from '#core/errors.ts'
import type { DoorSettings } from './settings.ts'

export interface Guest {
  /** As the socket tells it. */
  address: string | undefined
  authorization: string | undefined
  password: string | undefined
}

export function openGuestBook({
  allow,
  password,
  basic,
}: Pick<DoorSettings, 'allow' | 'password' | 'basic'>) {
  const expected = [
    ...(password === undefined ? [] : [(guest: Guest) => isSame(guest.password, password)]),
    ...(basic === undefined
      ? []
      : [(guest: Guest) => isSame(credentialsOf(guest), `${basic.user}:${basic.password}`)]),
  ]
  const addresses = toAddresses(allow)

  return {
    comesFromHere({ address = '' }: Guest): boolean {
      const plain = address.replace(/^::ffff:(?=\d+\.)/i, '')
      const kind = isIP(plain)
      return kind !== 0 && addresses.check(plain, kind === 6 ? 'ipv6' : 'ipv4')
    },

    isKnown: (guest: Guest) => expected.length === 0 || expected.some((knows) => knows(guest)),
  }
}

function toAddresses(allow: readonly string[]): BlockList {
  const list = new BlockList()
  for (const each of allow) {
    const [address = '', prefix] = each.split('/')
    const kind = isIP(address)
    const family = kind === 6 ? 'ipv6' : 'ipv4'
    const longest = kind === 6 ? 128 : 32
    const length = prefix === undefined ? longest : Number(prefix)
    if (kind === 0 || length > longest) {
      const mistakes = `\`${each}\` in \`allow\` of the Oktell door is neither an address nor a subnet`
      throw new CallbusError('SETTINGS_INVALID', { mistakes })
    }
    list.addSubnet(address, length, family)
  }
  return list
}

function credentialsOf({ authorization = '' }: Guest): string | undefined {
  const [, encoded] = /^basic\s+([A-Za-z0-9+/=_-]+)\s*$/i.exec(authorization) ?? []
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString()
}

/** Takes equally long however much of it is right. */
export function isSame(given: string | undefined, expected: string): boolean {
  if (given === undefined) return false
  return timingSafeEqual(hash('sha256', given, 'buffer'), hash('sha256', expected, 'buffer'))
}
