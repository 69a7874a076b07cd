import { parseArgs } from 'node:util'
import { toAuthority } from '../http/authority.ts'
import { isRole, roles } from '../users/rights.ts'
import type { Command } from './commands.ts'
import { Misuse } from './misuse.ts'
import { findPerson, withUsers } from './users-of-site.ts'

/** `callbus sign-in olena --role operator`: the way in for whoever has the keys of the machine. */
export const signIn: Command = {
  about: 'Prints a link that signs a person in once; without a name, the first administrator.',
  takes: '[NAME] [--role ROLE]',
  async run(words) {
    const { name, role } = wishOf(words)
    return await withUsers(words, async (users, { settings: { http } }) => {
      const known = await findPerson(users, name)
      if (known?.isBarred)
        throw new Misuse(`${known.name} is barred; an administrator has to lift that first.`)
      if (known && role !== undefined && role !== known.role)
        throw new Misuse(`${known.name} is ${known.role} already; an administrator may change that.`)
      if (!known && role === undefined)
        throw new Misuse(`There is nobody named ${name}. To add them, say as what: --role ${roles.join('|')}`)

      const person = known ?? (await users.add({ name: name ?? '', role: role ?? 'operator' }))
      const address = http.port === 0 ? '' : `http://${toAuthority(http.host, http.port)}`
      console.log(
        `${person.name}, ${person.role}: ${address}/sign-in/${await users.makeSignInLink(person.id)}`,
      )
      console.log('The link signs in once, within an hour.')
      return 0
    })
  },
}

function wishOf(words: string[]) {
  const { values, positionals } = parseArgs({
    args: words,
    options: { site: { type: 'string' }, role: { type: 'string' } },
    allowPositionals: true,
    strict: false,
  })
  const [name, ...more] = positionals
  const { role } = values
  if (more.length > 0 || name === '' || (name?.length ?? 0) > 100)
    throw new Misuse('Name one person: callbus sign-in olena')
  if (role !== undefined && (typeof role !== 'string' || !isRole(role)))
    throw new Misuse(`Write a role after --role: ${roles.join(', ')}`)
  return { name, role }
}
